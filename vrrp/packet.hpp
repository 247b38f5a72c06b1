// The VRRP advertisement as octets: version 2 (RFC 3768 5.1) and version 3 (RFC 9568 5.1), over IPv4 and IPv6
// (spec/vrrp.md 1.3 to 1.6). Written here; read and judged by AdvertCodec.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/address.hpp"
#include "core/time.hpp"
#include "vrrp/config.hpp"

namespace sustain::vrrp {

constexpr std::size_t kPacketHeaderSize = 8;
constexpr std::size_t kAuthenticationDataSize = 8;
constexpr std::size_t kMostAddresses = 255;
constexpr std::size_t kPacketChecksumOffset = 6;
constexpr std::uint8_t kTypeAdvert = 1;

/// The last field of a v2 advert: the password cut or padded with NUL to 8 octets (1.6), zeros without one.
using AuthenticationData = std::array<std::uint8_t, kAuthenticationDataSize>;
[[nodiscard]] AuthenticationData password_data(const Authentication& authentication);

/// What an advert says, but for its addresses.
struct Advert {
    core::Address source;  ///< of the datagram; not part of the packet
    std::uint8_t vrid = 0;
    std::uint8_t priority = 0;  ///< 0: the sender is leaving
    std::uint8_t version = 2;
    core::Duration interval = std::chrono::seconds(1);
};

/// The field of the advertisement interval: v2 whole seconds, 1 to 255; v3 hundredths, 1 to 4095. Rounded, clamped.
[[nodiscard]] std::uint16_t interval_field(std::uint8_t version, core::Duration interval);
[[nodiscard]] core::Duration interval_from_field(std::uint8_t version, std::uint16_t field);

/// The octets of a packet after its header and addresses: only v2 over IPv4 has authentication data.
[[nodiscard]] std::size_t authentication_data_size(std::uint8_t version, core::Address::Family family);

/// The packet; its checksum is zero still. The addresses are of one family, at most kMostAddresses. `data` counts where
/// the packet has such a field.
[[nodiscard]] std::vector<std::uint8_t> encode_packet(const Advert& advert, core::Address::Family family,
                                                      std::span<const core::Address> addresses, AuthenticationType type,
                                                      const AuthenticationData& data);

/// Fills in the checksum; `before` is the sum of the pseudo header, if there is one.
void seal_packet(std::span<std::uint8_t> packet, std::uint64_t before);

/// What takes room in an unfragmented advert besides its addresses.
struct Overhead {
    core::Address::Family family = core::Address::Family::ipv4;
    std::uint8_t version = 2;
    bool authentication_header = false;
    bool hmac_trailer = false;
};
/// How many addresses an advert carries on an interface with this MTU (1.12).
[[nodiscard]] std::size_t advertised_addresses_limit(std::size_t mtu, const Overhead& overhead);

}  // namespace sustain::vrrp
