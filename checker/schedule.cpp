#include "checker/schedule.hpp"

#include <algorithm>

namespace sustain::checker {

core::TimePoint later(core::TimePoint when, core::Duration duration) {
    return core::TimePoint::max() - when < duration ? core::TimePoint::max() : when + duration;
}

core::TimePoint first_run(core::TimePoint now, core::Duration warmup, std::mt19937& random) {
    std::uniform_int_distribution<core::Duration::rep> spread(0, std::max(warmup, core::Duration{0}).count());
    return later(now + std::chrono::seconds(1), core::Duration(spread(random)));
}

std::optional<std::uint32_t> Schedule::take_due(core::TimePoint now) {
    if (waiting_.empty() || waiting_.top().when > now) {
        return std::nullopt;
    }
    const std::uint32_t check = waiting_.top().check;
    waiting_.pop();
    return check;
}

}  // namespace sustain::checker
