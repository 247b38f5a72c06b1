// The times that RFC 3768 6.1 derives from priority and advertisement interval, to the microsecond (spec/vrrp.md 3.1).
#pragma once

#include <cstdint>

#include "core/time.hpp"

namespace sustain::vrrp {

/// Adverts that may be missed before a backup takes over.
constexpr int kDownTimerAdverts = 3;

/// (256 - priority)/256 s, in VRRPv2 whatever the interval.
[[nodiscard]] constexpr core::Duration skew_time(std::uint8_t priority) {
    return core::Duration((256 - priority) * 1'000'000 / 256);
}

[[nodiscard]] constexpr core::Duration master_down_interval(core::Duration advert_interval, std::uint8_t priority) {
    return kDownTimerAdverts * advert_interval + skew_time(priority);
}

}  // namespace sustain::vrrp
