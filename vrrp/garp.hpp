// A gratuitous ARP packet (spec/vrrp.md 5.1, RFC 826): it tells everyone on the segment that an address is here now.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/address.hpp"

namespace sustain::vrrp {

constexpr std::size_t kHardwareAddressSize = 6;
using GarpFrame = std::array<std::uint8_t, 42>;

/// The whole Ethernet frame, unpadded: an ARP request by `hardware` for its own `address` (IPv4).
[[nodiscard]] GarpFrame encode_garp(std::span<const std::uint8_t, kHardwareAddressSize> hardware,
                                    const core::Address& address);

}  // namespace sustain::vrrp
