// The addresses that a virtual router sets on its interfaces while it is master.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/address.hpp"

namespace sustain::vrrp {

/// One line of virtual_ipaddress or virtual_ipaddress_excluded.
struct VirtualAddress {
    core::Prefix prefix;
    std::string device;  ///< empty: the interface of the instance
    std::optional<core::Address> broadcast;
    std::string label;
    std::uint8_t scope = 0;  ///< RT_SCOPE_…
    bool track = true;       ///< false with no_track

    bool operator==(const VirtualAddress&) const = default;
};

}  // namespace sustain::vrrp
