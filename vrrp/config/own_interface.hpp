// An interface that a virtual router makes for itself, on top of the one that it is configured on: a macvlan with the
// virtual MAC address (use_vmac), or an ipvlan (use_ipvlan).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/address.hpp"

namespace sustain::vrrp {

struct OwnInterface {
    enum class Kind : std::uint8_t { vmac, ipvlan };
    /// Which ipvlans of one interface hear each other.
    enum class IpvlanMode : std::uint8_t { bridge, isolated, vepa };

    Kind kind = Kind::vmac;
    std::string name;                                ///< empty: made from vmac_prefix and the VRID
    std::optional<std::array<std::uint8_t, 6>> mac;  ///< of a VMAC; default: that of RFC 9568 7.3
    std::optional<core::Prefix> address;             ///< of an ipvlan
    IpvlanMode mode = IpvlanMode::bridge;
    std::uint32_t group = 0;      ///< of interfaces, as in ip-link(8)
    bool notify_netlink = false;  ///< netlink_notify_msg: announce the interface once more when it is ready
    bool transmit_base = false;   ///< vmac_xmit_base: adverts leave from the interface below

    bool operator==(const OwnInterface&) const = default;
};

}  // namespace sustain::vrrp
