// What statements of global_defs change about how the text behind them is read.
#pragma once

#include <cstdint>
#include <limits>
#include <random>

namespace sustain::parser {

/// Which problems of an include line are errors (spec/syntax.md 8.4).
struct IncludeChecks {
    bool read = false;
    bool match = false;
    bool wildcard_match = false;
    bool brace_match = false;
};

/// Where ${_RANDOM} comes from (spec/syntax.md 10.5): the same numbers on every machine for the same seed.
class Random {
public:
    Random();
    /// random_seed.
    void seed(std::uint32_t number) { engine_.seed(number); }
    /// From min to max, both included; max is not below min.
    [[nodiscard]] std::uint64_t draw(std::uint64_t min, std::uint64_t max) {
        const std::uint64_t width = max - min;
        return width == std::numeric_limits<std::uint64_t>::max() ? engine_() : min + engine_() % (width + 1);
    }

private:
    std::mt19937_64 engine_;
};

struct TextSettings {
    IncludeChecks include_checks;
    Random random;
};

}  // namespace sustain::parser
