// The checksum of IPv4 and VRRP (RFC 1071): the one's complement of the one's complement sum of 16-bit words.
#pragma once

#include <cstdint>
#include <span>

#include "core/address.hpp"

namespace sustain::vrrp {

/// The sum of 16-bit words, not yet folded: sums of parts of even length may be added.
[[nodiscard]] std::uint64_t word_sum(std::span<const std::uint8_t> octets);

/// Of the pseudo header before a VRRP packet of so many octets (RFC 9568 5.2.8). Both of one family.
[[nodiscard]] std::uint64_t pseudo_header_sum(const core::Address& source, const core::Address& destination,
                                              std::size_t length);

/// Over octets in network order, after what has been summed up before; an odd last octet is padded with zero. Octets
/// that contain their own correct checksum yield 0.
[[nodiscard]] std::uint16_t internet_checksum(std::span<const std::uint8_t> octets, std::uint64_t before = 0);

}  // namespace sustain::vrrp
