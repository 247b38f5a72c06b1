#include "vrrp/datagram.hpp"

#include <array>
#include <cassert>

#include "core/bytes.hpp"
#include "vrrp/checksum.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::size_t kIdentificationOffset = 4;
constexpr std::size_t kChecksumOffset = 10;

}  // namespace

core::Address multicast_group(core::Address::Family family) {
    static constexpr std::array<std::uint8_t, 16> kGroup6{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};
    return family == core::Address::Family::ipv4 ? core::Address::ipv4(0xe0000012) : core::Address(kGroup6);
}

std::optional<Datagram> read_ipv4(std::span<const std::uint8_t> octets) {
    core::ByteReader in(octets);
    const std::uint8_t version_and_length = in.u8();
    in.skip(1);  // TOS
    Datagram datagram;
    datagram.total_length = in.u16();
    in.skip(4);  // identification, flags and fragment offset: the kernel has reassembled
    datagram.ttl = in.u8();
    datagram.protocol = in.u8();
    in.skip(2);  // checksum: checked by the kernel
    datagram.source = core::Address::ipv4(in.u32());
    datagram.destination = core::Address::ipv4(in.u32());
    const std::size_t header_length = std::size_t{version_and_length & 0xfU} * 4;
    if (!in.ok() || version_and_length >> 4 != 4 || header_length < kIpv4HeaderSize || header_length > octets.size()) {
        return std::nullopt;
    }
    datagram.length = octets.size();
    datagram.header = octets.first(header_length);
    datagram.payload = octets.subspan(header_length);
    return datagram;
}

Datagram received_ipv6(const core::Address& source, const core::Address& destination, std::uint8_t hop_limit,
                       std::span<const std::uint8_t> payload) {
    Datagram datagram;
    datagram.source = source;
    datagram.destination = destination;
    datagram.ttl = hop_limit;
    datagram.length = datagram.total_length = payload.size();
    datagram.payload = payload;
    return datagram;
}

std::vector<std::uint8_t> write_ipv4(const Envelope& envelope, std::span<const std::uint8_t> payload) {
    core::ByteWriter out;
    out.u8(0x45);
    out.u8(kAdvertTos);
    out.u16(static_cast<std::uint16_t>(kIpv4HeaderSize + payload.size()));
    out.u16(envelope.identification);
    out.u16(0);
    out.u8(envelope.ttl);
    out.u8(envelope.protocol);
    out.u16(0);
    out.raw(envelope.source.octets());
    out.raw(envelope.destination.octets());
    out.patch_u16(kChecksumOffset, internet_checksum(out.bytes()));
    out.raw(payload);
    return out.take();
}

void patch_identification(std::span<std::uint8_t> datagram, std::uint16_t identification) {
    assert(datagram.size() >= kIpv4HeaderSize);
    const auto header = datagram.first(kIpv4HeaderSize);
    core::put_u16(header, kIdentificationOffset, identification);
    core::put_u16(header, kChecksumOffset, 0);
    core::put_u16(header, kChecksumOffset, internet_checksum(header));
}

}  // namespace sustain::vrrp
