// Runs the checks of a configuration when they are due and reports what changes. A sleeping check is an entry in a
// heap, a running one a coroutine; at most as many run as there are descriptors for.
#pragma once

#include <functional>
#include <random>
#include <vector>

#include "checker/config.hpp"
#include "checker/schedule.hpp"
#include "checker/verdict.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

class Runner {
public:
    /// Told the number of a check and its verdict, at its first result and at each change.
    using Report = std::function<void(std::uint32_t check, bool up)>;

    /// `most_running` is the number of attempts that may run at a time (at least 1).
    Runner(core::Loop& loop, std::size_t most_running, Report report);

    /// Forgets the checks so far, results under way included, and starts these; one verdict for each of them.
    void start(Config config, std::vector<Verdict> verdicts);

    [[nodiscard]] const Config& config() const { return config_; }
    [[nodiscard]] const std::vector<Verdict>& verdicts() const { return verdicts_; }
    [[nodiscard]] std::size_t running() const { return running_; }

private:
    core::Awaitable<> run();
    core::Awaitable<> attempt(std::uint32_t check);
    void finish(std::uint32_t check, Outcome outcome);
    [[nodiscard]] core::Clock::time_point wake_time() const;
    void wake();

    core::Loop& loop_;
    const std::size_t most_running_;
    Report report_;
    Config config_;
    std::vector<Verdict> verdicts_;
    Schedule schedule_;
    core::Timer timer_;
    std::mt19937 random_{std::random_device{}()};
    std::size_t running_ = 0;
    unsigned round_ = 0;  ///< counts start(): an attempt of an earlier round is without a check
};

}  // namespace sustain::checker
