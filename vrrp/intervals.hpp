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

/// How long a router may take to see that its link is down: less than the others take to see that it is gone.
[[nodiscard]] constexpr core::Duration longest_link_delay(core::Duration interval, int adverts) {
    constexpr int kParts = 256;
    const int parts = (adverts - 1) * kParts - 1;
    return parts < 0 ? core::Duration{0} : (interval * parts + core::Duration(kParts / 2)) / kParts;
}

}  // namespace sustain::vrrp
