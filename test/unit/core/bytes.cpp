#include "core/bytes.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace sustain::core;

TEST_CASE("integers are read and written in network order") {
    ByteWriter out;
    out.u8(0x01);
    out.u16(0x0203);
    out.u32(0x04050607);
    out.u64(0x08090a0b0c0d0e0f);
    ByteReader in(out.bytes());
    CHECK(in.u8() == 0x01);
    CHECK(in.u16() == 0x0203);
    CHECK(in.u32() == 0x04050607);
    CHECK(in.u64() == 0x08090a0b0c0d0e0f);
    CHECK(in.ok());
    CHECK(in.remaining() == 0);
}

TEST_CASE("a read past the end yields zero and is remembered") {
    const std::array<std::uint8_t, 3> octets{1, 2, 3};
    ByteReader in(octets);
    CHECK(in.u32() == 0);
    CHECK_FALSE(in.ok());
    CHECK(in.u8() == 0);
    CHECK(in.take(1).empty());
    CHECK_FALSE(in.ok());
}

TEST_CASE("a length can be filled in afterwards") {
    ByteWriter out;
    out.u16(0);
    out.raw("abc");
    out.patch_u16(0, 3);
    CHECK(out.take() == std::vector<std::uint8_t>{0, 3, 'a', 'b', 'c'});
}
