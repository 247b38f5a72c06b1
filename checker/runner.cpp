#include "checker/runner.hpp"

#include <boost/asio/post.hpp>

#include "checker/tcp_check.hpp"
#include "core/log.hpp"

namespace sustain::checker {

namespace {

/// How many attempts begin before other work of the loop gets its turn.
constexpr unsigned kBatch = 64;

core::Awaitable<Outcome> probe(core::Loop& loop, Identity identity) {
    return tcp_check(loop, std::move(identity));  // the only kind that is scheduled
}

/// The lines of spec/outputs.md section 8. `retries` is the number of attempts after the first failure.
void log_event(const Check& check, Verdict::Event event, unsigned retries) {
    switch (event) {
        case Verdict::Event::none: break;
        case Verdict::Event::up: core::log::info("TCP connection to {} success.", check.real_server); break;
        case Verdict::Event::retrying:
            if (check.log_all_failures) {
                core::log::info("TCP connection to {} failed.", check.real_server);
            }
            break;
        case Verdict::Event::down:
            if (retries > 0) {
                core::log::info("TCP_CHECK on service {} failed after {} retries.", check.real_server, retries);
            } else {
                core::log::info("TCP connection to {} failed.", check.real_server);
            }
            break;
    }
}

}  // namespace

Runner::Runner(core::Loop& loop, std::size_t most_running, Report report)
    : loop_(loop), most_running_(most_running), report_(std::move(report)), timer_(loop) {
    timer_.expires_at(core::Clock::time_point::max());
    core::spawn(loop, "the schedule of the checks", run());
}

void Runner::start(Config config, std::vector<Verdict> verdicts) {
    ++round_;
    config_ = std::move(config);
    verdicts_ = std::move(verdicts);
    schedule_ = Schedule();
    const core::TimePoint now = core::now();
    for (std::uint32_t number = 0; number < config_.checks.size(); ++number) {
        const Check& check = config_.checks[number];
        if (!is_supported(check.identity.kind)) {
            continue;
        }
        core::log::info("Activating healthchecker for service {} for VS {}", check.real_server, check.virtual_server);
        schedule_.add(number, first_run(now, check.warmup, random_));
    }
    wake();
}

core::Awaitable<> Runner::run() {
    for (;;) {
        const core::TimePoint now = core::now();
        unsigned begun = 0;
        while (running_ < most_running_ && begun < kBatch) {
            const auto check = schedule_.take_due(now);
            if (!check) {
                break;
            }
            ++running_;
            ++begun;
            core::spawn(loop_, "a check", attempt(*check));  // bounded by most_running_
        }
        if (begun == kBatch) {
            co_await core::asio::post(loop_, core::asio::use_awaitable);
            continue;
        }
        timer_.expires_at(wake_time());
        (void)co_await timer_.async_wait(core::as_tuple_awaitable);
    }
}

core::Awaitable<> Runner::attempt(std::uint32_t check) {
    const unsigned round = round_;
    const Outcome outcome = co_await probe(loop_, config_.checks[check].identity);
    --running_;
    if (round == round_) {
        finish(check, outcome);
    }
    wake();
}

void Runner::finish(std::uint32_t number, Outcome outcome) {
    const Check& check = config_.checks[number];
    Verdict& verdict = verdicts_[number];
    const unsigned retries = verdict.has_run() ? verdict.failures() : 0;
    const auto [event, next_attempt] = verdict.apply(check, outcome);
    schedule_.add(number, core::now() + next_attempt);
    log_event(check, event, retries);
    if (event == Verdict::Event::up || event == Verdict::Event::down) {
        report_(number, verdict.up());
    }
}

/// When run() has something to do next, as far as is known: not before an attempt ends if no more may run.
core::Clock::time_point Runner::wake_time() const {
    const auto next = schedule_.next_due();
    return next && running_ < most_running_ ? core::Clock::time_point(*next) : core::Clock::time_point::max();
}

/// Lets run() look at the schedule again where there is something to do earlier than it waits for.
void Runner::wake() {
    if (wake_time() < timer_.expiry()) {
        timer_.cancel();
    }
}

}  // namespace sustain::checker
