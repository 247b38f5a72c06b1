// Runs the checks of a configuration when they are due and reports what changes. A sleeping check is an entry in a
// heap, a running one a coroutine; at most as many run as there are descriptors for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <unordered_map>
#include <vector>

#include "checker/commands.hpp"
#include "checker/config.hpp"
#include "checker/file_check.hpp"
#include "checker/outcome.hpp"
#include "checker/ping_check.hpp"
#include "checker/plan.hpp"
#include "checker/punctuality.hpp"
#include "checker/schedule.hpp"
#include "checker/sharing.hpp"
#include "checker/verdict.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// Told the number of a check and what is new about it.
struct Reports {
    /// Its verdict, at its first result and at each change; why, if it is a failure.
    std::function<void(std::uint32_t check, bool up, const std::string& reason)> verdict;
    /// What it adds to the weight of its real server; before the verdict of the same result.
    std::function<void(std::uint32_t check, std::int32_t weight)> weight = [](std::uint32_t, std::int32_t) {};
    /// Its last result has become older than it can be, or there is a new one at last.
    std::function<void(std::uint32_t check, bool overdue)> overdue = [](std::uint32_t, bool) {};
    /// Checks began so long after they were due, since this process had no turn.
    std::function<void(core::Duration late)> late = [](core::Duration) {};
};

class Runner {
public:
    /// `most_running` is the number of attempts that may run at a time (at least 1). Commands must outlive it.
    Runner(core::Loop& loop, std::size_t most_running, Commands& commands, Reports reports);

    /// Forgets the checks so far, results under way included, and starts these; one verdict for each of them.
    void start(Config config, std::vector<Verdict> verdicts);

    /// A suspended check keeps its verdict and is not made.
    void suspend(std::uint32_t check, bool suspended);

    /// The word from outside about a check that has no timetable: the state of the session of a BFD_CHECK.
    void hear(std::uint32_t check, bool up);

    [[nodiscard]] const Config& config() const { return plan_->config(); }
    [[nodiscard]] const std::vector<Verdict>& verdicts() const { return verdicts_; }
    [[nodiscard]] const std::vector<bool>& suspended() const { return suspended_; }
    [[nodiscard]] std::size_t running() const { return running_; }

private:
    struct Probe;

    core::Awaitable<> run();
    core::Awaitable<> watch_time();
    core::Awaitable<> attempt(std::uint32_t leader, core::TimePoint begun);
    [[nodiscard]] core::Awaitable<Attempt> probe(std::uint32_t leader, core::TimePoint begun);
    void finish(std::uint32_t leader, core::TimePoint begun, const Attempt& attempt);
    core::Duration take_result(std::uint32_t number, const Attempt& attempt);
    void note_abandoned(std::uint32_t leader, const Attempt& attempt);
    void note_surplus(std::uint32_t leader, std::optional<std::int64_t> surplus);
    void report_overdue(std::uint32_t leader, bool overdue);
    [[nodiscard]] core::Clock::time_point wake_time() const;
    void wake();

    core::Loop& loop_;
    const std::size_t most_running_;
    Commands& commands_;
    Reports reports_;
    std::shared_ptr<const Plan> plan_ = std::make_shared<const Plan>(Config{});
    std::vector<Verdict> verdicts_;
    std::vector<bool> suspended_;
    Sharing sharing_;
    Punctuality punctuality_;
    std::unordered_map<std::uint32_t, std::shared_ptr<PingSession>> pings_;
    std::unordered_map<std::uint32_t, std::int32_t> weights_;  ///< as last reported
    std::map<std::uint32_t, std::string> abandoned_;           ///< checks whose last attempt could not be made, and why
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::int64_t> surpluses_;  ///< by check and url, as last logged
    FileChecks files_;
    Schedule schedule_;
    core::Duration grain_ = std::chrono::milliseconds(1);
    core::Timer timer_;
    core::Timer watch_timer_;
    std::mt19937 random_{std::random_device{}()};
    std::size_t running_ = 0;
    unsigned round_ = 0;  ///< counts start(): an attempt of an earlier round is without a check
};

}  // namespace sustain::checker
