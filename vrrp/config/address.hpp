// The lines of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress: an address on an interface and how
// it is set there (spec/routes-rules.md section 2).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "core/address.hpp"

namespace sustain::vrrp {

constexpr std::uint32_t kForever = std::numeric_limits<std::uint32_t>::max();

/// One line of virtual_ipaddress or virtual_ipaddress_excluded.
struct VirtualAddress {
    core::Prefix prefix;
    std::string device;  ///< empty: the interface of the instance
    std::optional<core::Address> broadcast;
    std::optional<core::Address> peer;  ///< at the other end of a point to point link
    std::string label;
    std::uint32_t preferred_lifetime = kForever;  ///< seconds; used for IPv6 only
    std::uint8_t scope = 0;                       ///< RT_SCOPE_…
    bool track = true;                            ///< false with no_track
    bool home = false;                            ///< IFA_F_HOMEADDRESS
    bool detect_duplicates = false;               ///< -nodad: do not set IFA_F_NODAD
    bool manage_temporary = false;                ///< IFA_F_MANAGETEMPADDR
    bool prefix_route = true;                     ///< false: IFA_F_NOPREFIXROUTE
    bool autojoin = false;                        ///< IFA_F_MCAUTOJOIN
    bool use_vmac = false;                        ///< on a VMAC above its interface

    bool operator==(const VirtualAddress&) const = default;
};

/// One line of static_ipaddress. The device is always named.
struct StaticAddress : VirtualAddress {
    std::string track_group;  ///< whose instances are in fault state without the address; empty: none

    bool operator==(const StaticAddress&) const = default;
};

}  // namespace sustain::vrrp
