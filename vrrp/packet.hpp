// The VRRPv2 advertisement as octets (RFC 3768 5.1, spec/vrrp.md 1.3): written here, read and judged in validation.
// VRRPv3 will stand beside it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/address.hpp"
#include "vrrp/config.hpp"

namespace sustain::vrrp {

constexpr std::size_t kPacketHeaderSize = 8;
constexpr std::size_t kAuthenticationDataSize = 8;
constexpr std::size_t kMostAddresses = 255;

/// The last field of a v2 advert: the password cut or padded with NUL to 8 octets (1.6), zeros without one.
using AuthenticationData = std::array<std::uint8_t, kAuthenticationDataSize>;
[[nodiscard]] AuthenticationData authentication_data(const Authentication& authentication);

/// What an advert says.
struct Advert {
    core::Address source;  ///< of the datagram; not part of the packet
    std::uint8_t vrid = 0;
    std::uint8_t priority = 0;  ///< 0: the sender is leaving
    AuthenticationType authentication = AuthenticationType::none;
    std::uint8_t interval = 1;  ///< seconds
    std::vector<core::Address> addresses;
};

/// The packet with its checksum. IPv4 addresses only, at most kMostAddresses.
[[nodiscard]] std::vector<std::uint8_t> encode_v2(const Advert& advert, const AuthenticationData& authentication);

/// How many addresses an unfragmented v2 advert carries on an interface with this MTU (1.12).
[[nodiscard]] std::size_t advertised_addresses_limit(std::size_t mtu);

}  // namespace sustain::vrrp
