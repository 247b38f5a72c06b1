#include "vrrp/packet.hpp"

#include <algorithm>
#include <cassert>

#include "core/bytes.hpp"
#include "vrrp/authentication_header.hpp"
#include "vrrp/checksum.hpp"
#include "vrrp/datagram.hpp"
#include "vrrp/hmac_extension.hpp"

namespace sustain::vrrp {

namespace {

using Centiseconds = std::chrono::duration<std::int64_t, std::centi>;

constexpr std::size_t kEthernetHeaderSize = 14;  // keepalived subtracts it from the MTU: peers compute the same limit
constexpr std::uint16_t kIntervalMask = 0x0fff;  // the other bits of v3 are reserved: zero, ignored (RFC 9568 5.2.6)

}  // namespace

AuthenticationData password_data(const Authentication& authentication) {
    AuthenticationData data{};
    if (authentication.type != AuthenticationType::none) {
        const std::string_view password = authentication.password.reveal().substr(0, data.size());
        std::ranges::copy(password, data.begin());
    }
    return data;
}

std::uint16_t interval_field(std::uint8_t version, core::Duration interval) {
    if (version == 2) {
        return static_cast<std::uint16_t>(
            std::clamp<std::int64_t>(std::chrono::round<std::chrono::seconds>(interval).count(), 1, 255));
    }
    return static_cast<std::uint16_t>(
        std::clamp<std::int64_t>(std::chrono::round<Centiseconds>(interval).count(), 1, kIntervalMask));
}

core::Duration interval_from_field(std::uint8_t version, std::uint16_t field) {
    if (version == 2) {
        return std::chrono::seconds(field & 0xff);
    }
    return Centiseconds(field & kIntervalMask);
}

std::size_t authentication_data_size(std::uint8_t version, core::Address::Family family) {
    return version == 2 && family == core::Address::Family::ipv4 ? kAuthenticationDataSize : 0;
}

std::vector<std::uint8_t> encode_packet(const Advert& advert, core::Address::Family family,
                                        std::span<const core::Address> addresses, AuthenticationType type,
                                        const AuthenticationData& data) {
    assert(addresses.size() <= kMostAddresses);
    core::ByteWriter out;
    out.u8(static_cast<std::uint8_t>(advert.version << 4 | kTypeAdvert));
    out.u8(advert.vrid);
    out.u8(advert.priority);
    out.u8(static_cast<std::uint8_t>(addresses.size()));
    const std::uint16_t interval = interval_field(advert.version, advert.interval);
    out.u16(advert.version == 2 ? static_cast<std::uint16_t>(static_cast<unsigned>(type) << 8 | interval) : interval);
    out.u16(0);
    for (const core::Address& address : addresses) {
        out.raw(address.octets());
    }
    if (authentication_data_size(advert.version, family) > 0) {
        out.raw(data);
    }
    return out.take();
}

void seal_packet(std::span<std::uint8_t> packet, std::uint64_t before) {
    core::put_u16(packet, kPacketChecksumOffset, 0);
    core::put_u16(packet, kPacketChecksumOffset, internet_checksum(packet, before));
}

std::size_t advertised_addresses_limit(std::size_t mtu, const Overhead& overhead) {
    const bool ipv4 = overhead.family == core::Address::Family::ipv4;
    const std::size_t taken = kEthernetHeaderSize + (ipv4 ? kIpv4HeaderSize : kIpv6HeaderSize) + kPacketHeaderSize +
                              authentication_data_size(overhead.version, overhead.family) +
                              (overhead.authentication_header ? kAuthenticationHeaderSize : 0) +
                              (overhead.hmac_trailer ? kHmacTrailerSize : 0);
    return mtu <= taken ? 0 : std::min(kMostAddresses, (mtu - taken) / (ipv4 ? 4 : 16));
}

}  // namespace sustain::vrrp
