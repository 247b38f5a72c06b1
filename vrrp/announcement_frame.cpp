#include "vrrp/announcement_frame.hpp"

#include "core/bytes.hpp"
#include "vrrp/checksum.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::array<std::uint8_t, kHardwareAddressSize> kBroadcast{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
// RFC 2464 7: of ff02::1.
constexpr std::array<std::uint8_t, kHardwareAddressSize> kAllNodesHardware{0x33, 0x33, 0, 0, 0, 1};
constexpr std::array<std::uint8_t, 16> kAllNodes{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::uint32_t kRouterFlag = 0x80000000;
constexpr std::uint32_t kOverrideFlag = 0x20000000;

/// RFC 4861 4.4 with the option of 4.6.1, its checksum not filled in.
core::ByteWriter advertisement(Hardware hardware, const core::Address& address, bool router) {
    core::ByteWriter out;
    out.u8(136);  // neighbour advertisement
    out.u8(0);
    out.u16(0);
    out.u32(kOverrideFlag | (router ? kRouterFlag : 0));
    out.raw(address.octets());
    out.u8(2);  // target link-layer address …
    out.u8(1);  // … in units of 8 octets
    out.raw(hardware);
    return out;
}

/// RFC 4443 2.3: over the pseudo header of RFC 8200 8.1 and the message.
std::uint16_t icmpv6_checksum(const core::Address& source, std::span<const std::uint8_t> message) {
    core::ByteWriter pseudo;
    pseudo.raw(source.octets());
    pseudo.raw(kAllNodes);
    pseudo.u32(static_cast<std::uint32_t>(message.size()));
    pseudo.u32(kIcmpv6);
    pseudo.raw(message);
    return internet_checksum(pseudo.bytes());
}

}  // namespace

std::vector<std::uint8_t> encode_garp(Hardware hardware, const core::Address& address) {
    core::ByteWriter out;
    out.raw(kBroadcast);
    out.raw(hardware);
    out.u16(0x0806);  // ARP
    out.u16(1);       // Ethernet …
    out.u16(0x0800);  // … and IPv4
    out.u8(kHardwareAddressSize);
    out.u8(4);
    out.u16(1);  // request
    out.raw(hardware);
    out.raw(address.octets());
    out.raw(kBroadcast);
    out.raw(address.octets());
    return out.take();
}

std::vector<std::uint8_t> encode_neighbour_advert(Hardware hardware, const core::Address& address, bool router) {
    constexpr std::size_t kChecksumOffset = 2;
    core::ByteWriter message = advertisement(hardware, address, router);
    message.patch_u16(kChecksumOffset, icmpv6_checksum(address, message.bytes()));

    core::ByteWriter out;
    out.raw(kAllNodesHardware);
    out.raw(hardware);
    out.u16(0x86dd);      // IPv6
    out.u32(0x60000000);  // version; traffic class and flow label 0
    out.u16(static_cast<std::uint16_t>(message.size()));
    out.u8(kIcmpv6);
    out.u8(255);  // hop limit
    out.raw(address.octets());
    out.raw(kAllNodes);
    out.raw(message.bytes());
    return out.take();
}

}  // namespace sustain::vrrp
