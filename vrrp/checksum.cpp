#include "vrrp/checksum.hpp"

#include "core/bytes.hpp"
#include "vrrp/datagram.hpp"

namespace sustain::vrrp {

std::uint64_t word_sum(std::span<const std::uint8_t> octets) {
    core::ByteReader in(octets);
    std::uint64_t sum = 0;
    while (in.remaining() >= 2) {
        sum += in.u16();
    }
    if (in.remaining() == 1) {
        sum += std::uint64_t{in.u8()} << 8;
    }
    return sum;
}

std::uint64_t pseudo_header_sum(const core::Address& source, const core::Address& destination, std::size_t length) {
    return word_sum(source.octets()) + word_sum(destination.octets()) + kProtocol + length;
}

std::uint16_t internet_checksum(std::span<const std::uint8_t> octets, std::uint64_t before) {
    std::uint64_t sum = before + word_sum(octets);
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<std::uint16_t>(~sum);
}

}  // namespace sustain::vrrp
