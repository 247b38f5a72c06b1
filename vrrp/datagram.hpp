// The IPv4 envelope of an advert (spec/vrrp.md 1.1): written for a socket that takes the header from us, and read
// from what a raw socket delivers, header included.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/address.hpp"

namespace sustain::vrrp {

constexpr std::uint8_t kProtocol = 112;      ///< RFC 3768 5.2.4
constexpr std::uint8_t kAdvertTtl = 255;     ///< RFC 3768 5.2.3: proves that an advert crossed no router
constexpr std::uint8_t kAdvertTos = 0xc0;    ///< internetwork control
constexpr std::size_t kIpv4HeaderSize = 20;  ///< without options

/// 224.0.0.18 (RFC 3768 5.2.2).
[[nodiscard]] core::Address multicast_group();

/// A view of a received datagram; valid as long as the octets it was read from.
struct Datagram {
    core::Address source;
    core::Address destination;
    std::uint8_t ttl = 0;
    std::size_t total_length = 0;           ///< as the IP header claims
    std::size_t length = 0;                 ///< as received, IP header included
    std::span<const std::uint8_t> payload;  ///< everything received after the IP header and its options
};

/// Nothing where the octets are not an IPv4 datagram. Nothing is checked that validate() checks.
[[nodiscard]] std::optional<Datagram> read_ipv4(std::span<const std::uint8_t> octets);

struct Envelope {
    core::Address source;
    core::Address destination;
    std::uint16_t identification = 0;
    std::uint8_t ttl = kAdvertTtl;
};

/// The datagram with a complete header.
[[nodiscard]] std::vector<std::uint8_t> write_ipv4(const Envelope& envelope, std::span<const std::uint8_t> payload);

}  // namespace sustain::vrrp
