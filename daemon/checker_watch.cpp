#include "daemon/checker_watch.hpp"

#include <utility>

namespace sustain::daemon {

void CheckerWatch::ready(core::TimePoint now) {
    last_sign_ = now;
    overdue_.clear();
}

bool CheckerWatch::note(std::uint32_t check, bool overdue) {
    return overdue ? overdue_.insert(check).second : overdue_.erase(check) > 0;
}

CheckerWatch::State CheckerWatch::state(core::TimePoint now) const {
    if (!last_sign_) {
        return State::absent;
    }
    if (now - *last_sign_ > kPatience) {
        return State::frozen;
    }
    return overdue_.empty() ? State::current : State::overdue;
}

std::optional<CheckerWatch::State> CheckerWatch::change(core::TimePoint now) {
    const State present = state(now);
    return std::exchange(told_, present) == present ? std::nullopt : std::optional(present);
}

std::string_view to_string(CheckerWatch::State state) {
    switch (state) {
        case CheckerWatch::State::absent: return "ABSENT";
        case CheckerWatch::State::current: return "CURRENT";
        case CheckerWatch::State::overdue: return "OVERDUE";
        case CheckerWatch::State::frozen: break;
    }
    return "FROZEN";
}

}  // namespace sustain::daemon
