// An advert with what the network says about it (spec/vrrp.md 1.1, 1.2). The IPv4 envelope is written here, for sockets
// that take the header from us, and read from what a raw socket delivers, header included. Of IPv6 the kernel keeps the
// header to itself and tells what was in it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/address.hpp"
#include "core/time.hpp"

namespace sustain::vrrp {

constexpr std::uint8_t kProtocol = 112;      ///< RFC 9568 5.1.1.4
constexpr std::uint8_t kAhProtocol = 51;     ///< adverts behind an authentication header (RFC 2338 5.3.6)
constexpr std::uint8_t kAdvertTtl = 255;     ///< RFC 9568 5.1.1.3: proves that an advert crossed no router
constexpr std::uint8_t kAdvertTos = 0xc0;    ///< internetwork control
constexpr std::size_t kIpv4HeaderSize = 20;  ///< without options
constexpr std::size_t kIpv6HeaderSize = 40;

/// 224.0.0.18 or ff02::12 (RFC 9568 5.1.1.2, 5.1.2.2).
[[nodiscard]] core::Address multicast_group(core::Address::Family family = core::Address::Family::ipv4);

/// A view of a received datagram; valid as long as the octets it was read from.
struct Datagram {
    core::Address source;
    core::Address destination;
    std::uint8_t ttl = 0;                   ///< or hop limit
    std::uint8_t protocol = kProtocol;      ///< kAhProtocol: the payload begins with an authentication header
    std::size_t total_length = 0;           ///< as the IPv4 header claims
    std::size_t length = 0;                 ///< as received, IPv4 header included
    std::span<const std::uint8_t> header;   ///< of IPv4, with its options
    std::span<const std::uint8_t> payload;  ///< everything received after the IP header
    /// When the kernel had it, before this process came to read it; nothing: who knows.
    std::optional<core::TimePoint> arrived;
};

/// Nothing where the octets are not an IPv4 datagram. Nothing is checked that AdvertCodec::judge() checks.
[[nodiscard]] std::optional<Datagram> read_ipv4(std::span<const std::uint8_t> octets);

/// The addresses are IPv6 ones.
[[nodiscard]] Datagram received_ipv6(const core::Address& source, const core::Address& destination,
                                     std::uint8_t hop_limit, std::span<const std::uint8_t> payload);

struct Envelope {
    core::Address source;
    core::Address destination;
    std::uint16_t identification = 0;
    std::uint8_t ttl = kAdvertTtl;
    std::uint8_t protocol = kProtocol;
};

/// The datagram with a complete header.
[[nodiscard]] std::vector<std::uint8_t> write_ipv4(const Envelope& envelope, std::span<const std::uint8_t> payload);
/// Changes the identification of such a datagram, and with it the checksum of its header.
void patch_identification(std::span<std::uint8_t> datagram, std::uint16_t identification);

}  // namespace sustain::vrrp
