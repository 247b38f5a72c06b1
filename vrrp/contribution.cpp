#include "vrrp/contribution.hpp"

#include <algorithm>

namespace sustain::vrrp {

namespace {

using Known = TrackedStatus::Known;

Contribution of_number(const Tracker& tracker, std::int64_t number) {
    if (tracker.weight == 0) {
        return {.fault = (number != 0) != tracker.reverse};
    }
    const std::int64_t product = number * tracker.weight * (tracker.reverse ? -1 : 1);
    if (product < -kMostWeight) {
        return {.fault = true};
    }
    return {.weight = static_cast<std::int32_t>(std::min<std::int64_t>(product, kMostWeight))};
}

}  // namespace

Contribution contribution(const Tracker& tracker, const TrackedStatus& status) {
    if (status.known == Known::number) {
        return of_number(tracker, status.number);
    }
    if (status.known == Known::unusable) {
        return {};
    }
    if (status.known == Known::waiting) {
        return {.waiting = tracker.weight == 0};
    }
    const bool up = (status.known == Known::up) != tracker.reverse;
    if (tracker.weight == 0) {
        return {.fault = !up};
    }
    const std::int32_t weight =
        std::clamp(tracker.reverse ? -tracker.weight : tracker.weight, -kMostWeight, kMostWeight);
    return {.weight = (weight > 0) == up ? weight : 0};
}

}  // namespace sustain::vrrp
