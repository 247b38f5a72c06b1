// What the parent makes of the words of the checker child.
#include <algorithm>

#include "checker/kind_of.hpp"
#include "core/log.hpp"
#include "daemon/supervisor.hpp"

namespace sustain::daemon {

namespace {

using namespace std::chrono_literals;

/// How often the state of the checker is looked at.
constexpr core::Duration kWatchPause = 1s;

bool lacks_script(const checker::Check& check) {
    return checker::is_boxed<checker::MiscCheck>(check) && !checker::has_timetable(check.identity.kind);
}

}  // namespace

/// A MISC_CHECK whose script cannot be run rests: the child, which cannot judge scripts, does not know of it.
void Supervisor::rest_without_script(const checker::Config& config, std::vector<bool>& resting) {
    resting.resize(std::max(resting.size(), config.checks.size()));
    for (std::size_t number = 0; number < config.checks.size(); ++number) {
        resting[number] = resting[number] || lacks_script(config.checks[number]);
    }
}

/// False if the message is not one of the checker's.
bool Supervisor::take_from_checker(const core::Message& message) {
    if (const auto* verdict = std::get_if<core::message::Verdict>(&message)) {
        director_.verdict(verdict->generation, verdict->check, verdict->up, verdict->reason);
    } else if (const auto* weight = std::get_if<core::message::Weight>(&message)) {
        director_.weight(weight->generation, weight->check, weight->weight);
    } else if (const auto* overdue = std::get_if<core::message::Overdue>(&message)) {
        note_overdue(*overdue);
    } else if (!std::holds_alternative<core::message::Alive>(message)) {
        return false;
    }
    // Whatever it says: while we are slow to read, it says nothing of being alive alone.
    checker_watch_.alive(core::now());
    return true;
}

void Supervisor::note_overdue(const core::message::Overdue& report) {
    if (report.generation != generation_ || report.check >= config_.checker.checks.size() ||
        !checker_watch_.note(report.check, report.overdue)) {
        return;
    }
    const checker::Check& check = config_.checker.checks[report.check];
    if (report.overdue) {
        core::log::warning("Check of {} for VS {} is OVERDUE: its last result is older than it can be",
                           check.real_server, check.virtual_server);
    } else {
        core::log::info("Check of {} for VS {} has a result again", check.real_server, check.virtual_server);
    }
}

core::Awaitable<> Supervisor::watch_checker() {
    core::Timer timer(loop_);
    for (;;) {
        timer.expires_after(kWatchPause);
        (void)co_await timer.async_wait(core::as_tuple_awaitable);
        const auto before = checker_state_;
        const auto state = checker_watch_.change(core::now());
        if (!state) {
            continue;
        }
        checker_state_ = *state;
        if (*state == CheckerWatch::State::frozen) {
            core::log::error("{} child is FROZEN: no sign of life for {} seconds, the verdicts are those of before",
                             label(Part::checker),
                             std::chrono::duration_cast<std::chrono::seconds>(CheckerWatch::kPatience).count());
        } else if (before == CheckerWatch::State::frozen && *state != CheckerWatch::State::absent) {
            core::log::info("{} child is at work again", label(Part::checker));
        }
    }
}

}  // namespace sustain::daemon
