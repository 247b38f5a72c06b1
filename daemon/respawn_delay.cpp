#include "daemon/respawn_delay.hpp"

#include <algorithm>
#include <utility>

namespace sustain::daemon {

namespace {

constexpr core::Duration kFirst = std::chrono::seconds(1);
constexpr core::Duration kLongest = std::chrono::seconds(60);
constexpr core::Duration kLongLife = std::chrono::seconds(60);

}  // namespace

core::Duration RespawnDelay::after(core::Duration lived) {
    if (lived >= kLongLife) {
        next_ = core::Duration{0};
    }
    const auto following = next_ == core::Duration{0} ? kFirst : std::min(next_ * 2, kLongest);
    return std::exchange(next_, following);
}

}  // namespace sustain::daemon
