// The packets that tell everyone on the segment that an address is here now (spec/vrrp.md 5.1): gratuitous ARP (RFC
// 826) and the unsolicited neighbour advertisement (RFC 4861 7.2.6).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/address.hpp"

namespace sustain::vrrp {

constexpr std::size_t kHardwareAddressSize = 6;
using Hardware = std::span<const std::uint8_t, kHardwareAddressSize>;

/// The whole Ethernet frame, unpadded (42 octets): an ARP request by `hardware` for its own `address` (IPv4).
[[nodiscard]] std::vector<std::uint8_t> encode_garp(Hardware hardware, const core::Address& address);

/// The whole Ethernet frame (86 octets), from `address` (IPv6) to all nodes, with the flag O and, for a router, R.
[[nodiscard]] std::vector<std::uint8_t> encode_neighbour_advert(Hardware hardware, const core::Address& address,
                                                                bool router);

}  // namespace sustain::vrrp
