#include "vrrp/announcement_frame.hpp"

#include <catch2/catch.hpp>

#include "helpers.hpp"

using namespace sustain::vrrp;

TEST_CASE("a gratuitous ARP request, octet for octet (spec/vrrp.md 5.1)") {
    const std::array<std::uint8_t, 6> hardware{2, 0, 0, 0, 0, 1};
    const auto frame = encode_garp(hardware, test::address("10.0.0.100"));
    CHECK(frame == test::octets("ffffffffffff0200000000010806"
                                "0001080006040001"
                                "0200000000010a000064"
                                "ffffffffffff0a000064"));
}

TEST_CASE("an unsolicited neighbour advertisement, octet for octet (spec/vrrp.md 5.1)") {
    const std::array<std::uint8_t, 6> hardware{2, 0, 0, 0, 0, 1};
    CHECK(encode_neighbour_advert(hardware, test::address("fe80::1:100"), false) ==
          test::octets("333300000001"
                       "020000000001"
                       "86dd6000000000203aff"
                       "fe800000000000000000000000010100"
                       "ff020000000000000000000000000001"
                       "8800559b20000000"
                       "fe800000000000000000000000010100"
                       "0201020000000001"));
}

TEST_CASE("the advertisement of a router has the flag R") {
    const std::array<std::uint8_t, 6> hardware{2, 0, 0, 0, 0, 1};
    const auto host = encode_neighbour_advert(hardware, test::address("fe80::1:100"), false);
    const auto router = encode_neighbour_advert(hardware, test::address("fe80::1:100"), true);
    constexpr std::size_t kChecksum = 56;
    constexpr std::size_t kFlags = 58;
    CHECK(router.at(kFlags) == 0xa0);
    CHECK(router.at(kChecksum) == host.at(kChecksum) - 0x80 + 0x100 * (host.at(kChecksum) < 0x80 ? 1 : 0));
    CHECK(router.size() == 86);
}
