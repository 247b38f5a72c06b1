#include "core/bytes.hpp"

#include <cassert>

namespace sustain::core {

template <typename Integer>
Integer ByteReader::integer() {
    std::uint64_t value = 0;
    for (const std::uint8_t octet : take(sizeof(Integer))) {
        value = value << 8 | octet;
    }
    return static_cast<Integer>(value);
}

std::uint8_t ByteReader::u8() {
    return integer<std::uint8_t>();
}
std::uint16_t ByteReader::u16() {
    return integer<std::uint16_t>();
}
std::uint32_t ByteReader::u32() {
    return integer<std::uint32_t>();
}
std::uint64_t ByteReader::u64() {
    return integer<std::uint64_t>();
}

std::span<const std::uint8_t> ByteReader::take(std::size_t count) {
    if (count > rest_.size()) {
        ok_ = false;
        rest_ = {};
        return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

void put_u16(std::span<std::uint8_t> octets, std::size_t offset, std::uint16_t value) {
    assert(offset + 2 <= octets.size());
    octets[offset] = static_cast<std::uint8_t>(value >> 8);
    octets[offset + 1] = static_cast<std::uint8_t>(value);
}

void ByteWriter::u16(std::uint16_t value) {
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
}

void ByteWriter::u32(std::uint32_t value) {
    u16(static_cast<std::uint16_t>(value >> 16));
    u16(static_cast<std::uint16_t>(value));
}

void ByteWriter::u64(std::uint64_t value) {
    u32(static_cast<std::uint32_t>(value >> 32));
    u32(static_cast<std::uint32_t>(value));
}

void ByteWriter::patch_u16(std::size_t offset, std::uint16_t value) {
    put_u16(bytes_, offset, value);
}

}  // namespace sustain::core
