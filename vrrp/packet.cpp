#include "vrrp/packet.hpp"

#include <algorithm>
#include <cassert>

#include "core/bytes.hpp"
#include "vrrp/checksum.hpp"
#include "vrrp/datagram.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::uint8_t kVersion2Advert = 0x21;
constexpr std::size_t kChecksumOffset = 6;
constexpr std::size_t kEthernetHeaderSize = 14;  // keepalived subtracts it from the MTU: peers compute the same limit

}  // namespace

AuthenticationData authentication_data(const Authentication& authentication) {
    AuthenticationData data{};
    if (authentication.type == AuthenticationType::password) {
        const std::string_view password = authentication.password.reveal().substr(0, data.size());
        std::ranges::copy(password, data.begin());
    }
    return data;
}

std::vector<std::uint8_t> encode_v2(const Advert& advert, const AuthenticationData& authentication) {
    assert(advert.addresses.size() <= kMostAddresses);
    core::ByteWriter out;
    out.u8(kVersion2Advert);
    out.u8(advert.vrid);
    out.u8(advert.priority);
    out.u8(static_cast<std::uint8_t>(advert.addresses.size()));
    out.u8(static_cast<std::uint8_t>(advert.authentication));
    out.u8(advert.interval);
    out.u16(0);
    for (const core::Address& address : advert.addresses) {
        out.raw(address.octets());
    }
    out.raw(authentication);
    out.patch_u16(kChecksumOffset, internet_checksum(out.bytes()));
    return out.take();
}

std::size_t advertised_addresses_limit(std::size_t mtu) {
    constexpr std::size_t overhead =
        kEthernetHeaderSize + kIpv4HeaderSize + kPacketHeaderSize + kAuthenticationDataSize;
    return mtu <= overhead ? 0 : std::min(kMostAddresses, (mtu - overhead) / 4);
}

}  // namespace sustain::vrrp
