// What the configuration says about BFD, as the BFD child reads it: plain values, defaults filled in (spec/bfd.md 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/time.hpp"

namespace sustain::bfd {

/// bfd_instance
struct Neighbor {
    std::string name;  ///< 1–31 bytes
    core::Address address;
    std::optional<core::Address> source;                       ///< of the neighbour's family
    core::Duration min_rx = std::chrono::milliseconds(10);     ///< 1 ms to 4294967 ms
    core::Duration min_tx = std::chrono::milliseconds(10);     ///< while up
    core::Duration idle_tx = std::chrono::milliseconds(1000);  ///< while not up, at least a second
    std::uint8_t multiplier = 5;
    std::uint8_t ttl = 255;     ///< 64 for IPv6
    std::uint8_t max_hops = 0;  ///< that a packet may have made; 255: no check
    bool passive = false;
    bool multihop = false;
    bool for_vrrp = true;     ///< its events go to the VRRP child
    bool for_checker = true;  ///< … and to the checker child

    bool operator==(const Neighbor&) const = default;
};

struct Config {
    std::vector<Neighbor> neighbors;
};

}  // namespace sustain::bfd
