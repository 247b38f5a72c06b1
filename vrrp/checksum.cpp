#include "vrrp/checksum.hpp"

#include "core/bytes.hpp"

namespace sustain::vrrp {

std::uint16_t internet_checksum(std::span<const std::uint8_t> octets) {
    core::ByteReader in(octets);
    std::uint64_t sum = 0;
    while (in.remaining() >= 2) {
        sum += in.u16();
    }
    if (in.remaining() == 1) {
        sum += std::uint64_t{in.u8()} << 8;
    }
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<std::uint16_t>(~sum);
}

}  // namespace sustain::vrrp
