// What trackers (scripts, files, processes, interfaces, BFD neighbours) amount to for one virtual router: all that its
// state machine needs to know of them (spec/vrrp.md 8.1 and 8.2).
#pragma once

#include <cstdint>

namespace sustain::vrrp {

struct Tracking {
    std::int32_t weight = 0;  ///< sum of the contributions of all weighted trackers; an owner's has no effect
    unsigned faults = 0;      ///< unweighted trackers that fail, and weighted files at their limit
    bool waiting = false;     ///< an unweighted script has not reported yet: the router does not start before

    bool operator==(const Tracking&) const = default;
};

}  // namespace sustain::vrrp
