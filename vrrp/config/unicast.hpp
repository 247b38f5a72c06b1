// Adverts to a list of peers instead of a multicast group.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/address.hpp"

namespace sustain::vrrp {

/// A line of unicast_peer. A received TTL or hop limit out of the range makes an advert worthless.
struct Peer {
    core::Address address;
    std::uint8_t min_ttl = 0;
    std::uint8_t max_ttl = 255;

    bool operator==(const Peer&) const = default;
};

struct Unicast {
    /// In which form the checksum of a VRRPv3 advert over IPv4 is (spec/vrrp.md 1.5).
    enum class Checksum : std::uint8_t {
        automatic,  ///< by RFC; a peer that sends the old form is answered in it
        old,        ///< that of keepalived up to 1.3.6
        by_rfc,
    };

    std::vector<Peer> peers;          ///< each address once; not empty
    std::optional<std::uint8_t> ttl;  ///< of what is sent; default: IPv4 255, IPv6 the kernel's
    Checksum checksum = Checksum::automatic;
    bool check_source = false;  ///< drop adverts of others, or with a TTL out of the peer's range

    bool operator==(const Unicast&) const = default;
};

}  // namespace sustain::vrrp
