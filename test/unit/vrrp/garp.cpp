#include "vrrp/garp.hpp"

#include <catch2/catch.hpp>

#include "helpers.hpp"

using namespace sustain::vrrp;

TEST_CASE("a gratuitous ARP request, octet for octet (spec/vrrp.md 5.1)") {
    const std::array<std::uint8_t, 6> hardware{2, 0, 0, 0, 0, 1};
    const auto frame = encode_garp(hardware, test::address("10.0.0.100"));
    CHECK(std::vector(frame.begin(), frame.end()) == test::octets("ffffffffffff0200000000010806"
                                                                  "0001080006040001"
                                                                  "0200000000010a000064"
                                                                  "ffffffffffff0a000064"));
}
