#include "vrrp/garp.hpp"

#include <algorithm>

#include "core/bytes.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::array<std::uint8_t, kHardwareAddressSize> kBroadcast{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

}  // namespace

GarpFrame encode_garp(std::span<const std::uint8_t, kHardwareAddressSize> hardware, const core::Address& address) {
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
    GarpFrame frame{};
    std::ranges::copy(out.bytes().first(frame.size()), frame.begin());
    return frame;
}

}  // namespace sustain::vrrp
