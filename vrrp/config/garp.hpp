// When a virtual router announces its addresses and how often: gratuitous ARP and unsolicited neighbour advertisements.
#pragma once

#include "core/time.hpp"

namespace sustain::vrrp {

/// spec/vrrp.md 5.2
struct GarpSettings {
    unsigned repeat = 5;                                        ///< packets an address in the first and the second set
    core::Duration delay = std::chrono::seconds(5);             ///< of the second set; 0: no second set
    core::Duration refresh{0};                                  ///< between refresh sets; 0: none
    unsigned refresh_repeat = 1;                                ///< packets an address in a refresh set
    unsigned lower_prio_repeat = 5;                             ///< packets an address after a losing advert; 0: none
    core::Duration lower_prio_delay = std::chrono::seconds(5);  ///< of the second set after a losing advert

    bool operator==(const GarpSettings&) const = default;
};

/// garp_extra_if: announcements from the interfaces below a VMAC, too.
struct ExtraGarp {
    core::Duration interval{0};   ///< at most a day; 0: off
    bool all_interfaces = false;  ///< also of addresses that are on other interfaces

    bool operator==(const ExtraGarp&) const = default;
};

}  // namespace sustain::vrrp
