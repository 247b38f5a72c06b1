#include "checker/runner.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "checker/dns_check.hpp"
#include "checker/http_get.hpp"
#include "checker/kind_of.hpp"
#include "checker/log_lines.hpp"
#include "checker/misc_check.hpp"
#include "checker/smtp_check.hpp"
#include "checker/tcp_check.hpp"
#include "checker/udp_check.hpp"
#include "core/log.hpp"

namespace sustain::checker {

namespace {

using namespace std::chrono_literals;

/// How many attempts begin before other work of the loop gets its turn.
constexpr unsigned kBatch = 64;

/// Checks that are due within this part of the shortest time between two of them begin together, within limits:
/// thousands of checks a second need no more than some dozen looks at the clock.
constexpr int kGrainPart = 50;
constexpr core::Duration kLeastGrain = 1ms;
constexpr core::Duration kMostGrain = 20ms;

core::Duration grain(const Config& config) {
    core::Duration shortest = kGrainPart * kMostGrain;
    for (const Check& check : config.checks) {
        shortest = std::min({shortest, check.delay_loop, check.delay_before_retry});
    }
    return std::max(shortest / kGrainPart, kLeastGrain);
}

/// How often the age of the results is looked at.
constexpr core::Duration kWatchPause = 1s;

}  // namespace

Runner::Runner(core::Loop& loop, std::size_t most_running, Commands& commands, Reports reports)
    : loop_(loop),
      most_running_(most_running),
      commands_(commands),
      reports_(std::move(reports)),
      files_(loop, [this](std::uint32_t check, const Attempt& attempt) { take_result(check, attempt); }),
      timer_(loop),
      watch_timer_(loop) {
    timer_.expires_at(core::Clock::time_point::max());
    core::spawn(loop, "the schedule of the checks", run());
    core::spawn(loop, "the age of the results of the checks", watch_time());
}

void Runner::start(Config config, std::vector<Verdict> verdicts) {
    ++round_;
    plan_ = std::make_shared<const Plan>(std::move(config));
    verdicts_ = std::move(verdicts);
    grain_ = grain(plan_->config());
    suspended_.assign(verdicts_.size(), false);
    sharing_ = share(plan_->config(), verdicts_);
    punctuality_.reset(verdicts_.size());
    pings_.clear();
    weights_.clear();
    abandoned_.clear();
    surpluses_.clear();
    schedule_ = Schedule();
    for (const Check& check : plan_->config().checks) {
        if (has_timetable(check.identity.kind)) {
            core::log::info("Activating healthchecker for service {} for VS {}", check.real_server,
                            check.virtual_server);
        }
    }
    const core::TimePoint now = core::now();
    for (const std::uint32_t leader : sharing_.leaders) {
        const Check& check = plan_->config().checks[leader];
        const core::TimePoint when = first_run(now, check.warmup, random_);
        schedule_.add(leader, when);
        punctuality_.expect(leader, check, when);
    }
    files_.start(plan_->config());
    wake();
}

void Runner::suspend(std::uint32_t check, bool suspended) {
    if (check < suspended_.size()) {
        suspended_[check] = suspended;
    }
}

void Runner::hear(std::uint32_t check, bool up) {
    if (check < verdicts_.size()) {
        take_result(check, {up ? Outcome::success : Outcome::failure});
    }
}

core::Awaitable<> Runner::run() {
    for (;;) {
        const core::TimePoint now = core::now();
        unsigned begun = 0;
        while (running_ < most_running_ && begun < kBatch) {
            const auto leader = schedule_.take_due(now);
            if (!leader) {
                break;
            }
            ++begun;
            if (suspended_[*leader]) {  // it is alone: what can be suspended shares with nobody
                schedule_.add(*leader, later(now, config().checks[*leader].delay_loop));
                punctuality_.excuse(*leader);
                continue;
            }
            ++running_;
            core::spawn(loop_, "a check", attempt(*leader, now));  // bounded by most_running_
        }
        if (begun == kBatch) {
            co_await core::asio::post(loop_, core::asio::use_awaitable);
            continue;
        }
        timer_.expires_at(wake_time());
        const auto [interrupted] = co_await timer_.async_wait(core::as_tuple_awaitable);
        if (!interrupted) {
            reports_.late(std::chrono::duration_cast<core::Duration>(core::now() - timer_.expiry()));
        }
    }
}

core::Awaitable<> Runner::watch_time() {
    for (;;) {
        watch_timer_.expires_after(kWatchPause);
        (void)co_await watch_timer_.async_wait(core::as_tuple_awaitable);
        for (const std::uint32_t leader : punctuality_.newly_overdue(core::now())) {
            report_overdue(leader, true);
        }
    }
}

core::Awaitable<> Runner::attempt(std::uint32_t leader, core::TimePoint begun) {
    const unsigned round = round_;
    const auto plan = plan_;  // outlives the attempt
    const Attempt result = co_await probe(leader, begun);
    --running_;
    if (round == round_) {
        finish(leader, begun, result);
    }
    wake();
}

/// One attempt, by kind. They all refer to the plan, which outlives them.
struct Runner::Probe {
    Runner& runner;
    std::uint32_t leader;
    const Identity& identity;
    core::TimePoint begun;

    core::Awaitable<Attempt> operator()(const TcpCheck&) { return tcp_check(runner.loop_, identity, begun); }
    core::Awaitable<Attempt> operator()(const HttpGet& http) {
        const Url& url = http.urls[runner.verdicts_[leader].url()];
        return http_get(runner.loop_, {.identity = identity,
                                       .check = http,
                                       .url = url,
                                       .pattern = runner.plan_->pattern(url),
                                       .stack = runner.plan_->stack(),
                                       .tls = runner.plan_->tls()});
    }
    core::Awaitable<Attempt> operator()(const SmtpCheck& smtp) { return smtp_check(runner.loop_, identity, smtp); }
    core::Awaitable<Attempt> operator()(const DnsCheck& dns) { return dns_check(runner.loop_, identity, dns); }
    core::Awaitable<Attempt> operator()(const UdpCheck& udp) { return udp_check(runner.loop_, identity, udp); }
    core::Awaitable<Attempt> operator()(const PingCheck&) {
        auto& session = runner.pings_[leader];
        if (!session) {
            session = std::make_shared<PingSession>();
        }
        return ping_check(runner.loop_, identity, session);
    }
    core::Awaitable<Attempt> operator()(const MiscCheck& misc) { return misc_check(runner.commands_, leader, misc); }
    core::Awaitable<Attempt> operator()(const BfdCheck&) { return nothing(); }
    core::Awaitable<Attempt> operator()(const FileCheck&) { return nothing(); }
    template <typename Kind>
    core::Awaitable<Attempt> operator()(const core::Boxed<Kind>& boxed) {
        return (*this)(*boxed);
    }
    /// They are not scheduled.
    static core::Awaitable<Attempt> nothing() { co_return Attempt{}; }
};

core::Awaitable<Attempt> Runner::probe(std::uint32_t leader, core::TimePoint begun) {
    const Identity& identity = config().checks[leader].identity;
    return std::visit(Probe{*this, leader, identity, begun}, identity.kind);
}

void Runner::finish(std::uint32_t leader, core::TimePoint begun, const Attempt& attempt) {
    const Check& check = config().checks[leader];
    const core::TimePoint now = core::now();
    note_abandoned(leader, attempt);
    note_surplus(leader, attempt.surplus);
    core::Duration next = core::Duration::max();
    for (std::uint32_t number = leader; number != kNobody; number = sharing_.next[number]) {
        next = std::min(next, suspended_[number] ? check.delay_loop : take_result(number, attempt));
    }
    const core::TimePoint when = std::max(now, later(is_boxed<MiscCheck>(check) ? begun : now, next));
    schedule_.add(leader, when);
    // An attempt that was not made is no result: the last one grows older.
    if (attempt.outcome != Outcome::abandoned && punctuality_.expect(leader, check, when)) {
        report_overdue(leader, false);
    }
}

/// Returns how long it is until the next attempt.
core::Duration Runner::take_result(std::uint32_t number, const Attempt& attempt) {
    const Check& check = config().checks[number];
    Verdict& verdict = verdicts_[number];
    const unsigned retries = verdict.has_run() || is_boxed<SmtpCheck>(check) ? verdict.failures() : 0;
    const std::uint16_t url = verdict.url();
    const auto [event, next_attempt] = verdict.apply(check, attempt.outcome);
    if (event != Verdict::Event::none) {
        for (const std::string& line : log_lines(check, event, retries, attempt.reason, url)) {
            core::log::info("{}", line);
        }
    }
    // A failure that may still be outweighed leaves the weight as it is. One that counts takes it back itself: told
    // before, it would make a server heavier that is about to go.
    if (attempt.weight && event != Verdict::Event::retrying) {
        const auto [known, is_new] = weights_.try_emplace(number, *attempt.weight);
        const bool changed = std::exchange(known->second, *attempt.weight) != *attempt.weight;
        if ((is_new || changed) && event != Verdict::Event::down) {
            reports_.weight(number, *attempt.weight);
        }
    }
    if (event == Verdict::Event::up || event == Verdict::Event::down) {
        reports_.verdict(number, verdict.up(), verdict.up() ? std::string() : attempt.reason);
    }
    return next_attempt;
}

/// Says why an attempt could not be made, when there is a reason and it changes.
void Runner::note_abandoned(std::uint32_t leader, const Attempt& attempt) {
    if (attempt.outcome != Outcome::abandoned) {
        abandoned_.erase(leader);
        return;
    }
    if (attempt.reason.empty()) {
        return;
    }
    const auto [known, is_new] = abandoned_.try_emplace(leader, attempt.reason);
    if (is_new || std::exchange(known->second, attempt.reason) != attempt.reason) {
        core::log::warning("Check of {} not made: {}", config().checks[leader].real_server, attempt.reason);
    }
}

/// Says that the length of a page is not the one that its server told, when that changes (spec/lvs.md 5.3). Before the
/// verdict, which may go on to the next page.
void Runner::note_surplus(std::uint32_t leader, std::optional<std::int64_t> surplus) {
    if (!surplus) {
        return;
    }
    const auto known = surpluses_.try_emplace(std::pair(leader, verdicts_[leader].url()), 0).first;
    if (std::exchange(known->second, *surplus) != *surplus && *surplus != 0) {
        const Endpoint& endpoint = config().checks[leader].identity.endpoint;
        core::log::detail("[{}]:tcp:{}: the body is {} bytes {} than Content-Length says", endpoint.address,
                          endpoint.port, *surplus < 0 ? -*surplus : *surplus, *surplus < 0 ? "shorter" : "longer");
    }
}

void Runner::report_overdue(std::uint32_t leader, bool overdue) {
    for (std::uint32_t number = leader; number != kNobody; number = sharing_.next[number]) {
        reports_.overdue(number, overdue);
    }
}

/// When run() has something to do next, as far as is known: not before an attempt ends if no more may run.
core::Clock::time_point Runner::wake_time() const {
    const auto next = schedule_.next_due();
    if (!next || running_ >= most_running_) {
        return core::Clock::time_point::max();
    }
    const core::Duration past_grain = next->time_since_epoch() % grain_;
    return past_grain == 0ms ? *next : later(*next, grain_ - past_grain);
}

/// Lets run() look at the schedule again where there is something to do earlier than it waits for.
void Runner::wake() {
    if (wake_time() < timer_.expiry()) {
        timer_.cancel();
    }
}

}  // namespace sustain::checker
