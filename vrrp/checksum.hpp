// The checksum of IPv4 and VRRP (RFC 1071): the one's complement of the one's complement sum of 16-bit words.
#pragma once

#include <cstdint>
#include <span>

namespace sustain::vrrp {

/// Over octets in network order; an odd last octet is padded with zero. Octets that contain their own correct
/// checksum yield 0.
[[nodiscard]] std::uint16_t internet_checksum(std::span<const std::uint8_t> octets);

}  // namespace sustain::vrrp
