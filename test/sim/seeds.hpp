// Which runs of a simulation to make: SUSTAIN_SIM_SEED=n repeats the single run n, SUSTAIN_SIM_RUNS=n makes n runs.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace sustain::sim {

inline std::optional<std::uint64_t> number_from_environment(const char* name) {
    const char* text = std::getenv(name);
    std::uint64_t number = 0;
    if (text == nullptr || std::from_chars(text, text + std::string_view(text).size(), number).ec != std::errc()) {
        return std::nullopt;
    }
    return number;
}

/// Calls `run` with each seed. Inside, print the seed with every failure: INFO("SUSTAIN_SIM_SEED=" << seed).
template <typename Run>
void for_each_seed(std::uint64_t usual_runs, const Run& run) {
    if (const auto seed = number_from_environment("SUSTAIN_SIM_SEED")) {
        run(*seed);
        return;
    }
    const std::uint64_t runs = number_from_environment("SUSTAIN_SIM_RUNS").value_or(usual_runs);
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
        run(seed);
    }
}

}  // namespace sustain::sim
