// The times that RFC 3768 6.1 and RFC 9568 6.1 derive from priority and advertisement interval, to the microsecond
// (spec/vrrp.md 3.1).
#pragma once

#include <cstdint>

#include "core/time.hpp"

namespace sustain::vrrp {

/// Adverts that may be missed before a backup takes over, unless down_timer_adverts says otherwise.
constexpr int kDownTimerAdverts = 3;

/// How much later than an owner a router of this priority takes over. VRRPv2: (256 - priority)/256 s, whatever the
/// interval; VRRPv3: (256 - priority)/256 of the MASTER's interval.
[[nodiscard]] constexpr core::Duration skew_time(std::uint8_t priority, std::uint8_t version = 2,
                                                 core::Duration master_interval = {}) {
    const core::Duration whole = version == 2 ? core::Duration(std::chrono::seconds(1)) : master_interval;
    return (256 - priority) * whole / 256;
}

/// `master_interval` is that of the present MASTER as far as it is known, in VRRPv2 always our own.
[[nodiscard]] constexpr core::Duration master_down_interval(core::Duration master_interval, std::uint8_t priority,
                                                            std::uint8_t version = 2, int adverts = kDownTimerAdverts) {
    return adverts * master_interval + skew_time(priority, version, master_interval);
}

}  // namespace sustain::vrrp
