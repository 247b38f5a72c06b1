// The captured examples of spec/vrrp.md 1.10.
#include "vrrp/packet.hpp"

#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "vrrp/checksum.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;

namespace {

std::vector<std::uint8_t> captured(std::uint8_t priority, std::uint16_t identification, const char* password) {
    Authentication authentication;
    if (password != nullptr) {
        authentication = {AuthenticationType::password, sustain::core::Secret(password)};
    }
    Advert advert;
    advert.vrid = 51;
    advert.priority = priority;
    advert.authentication = authentication.type;
    advert.addresses = {address("10.0.0.100"), address("10.0.0.101")};
    return write_ipv4({address("10.0.0.1"), multicast_group(), identification},
                      encode_v2(advert, authentication_data(authentication)));
}

}  // namespace

TEST_CASE("adverts are octet for octet those that were captured") {
    CHECK(captured(255, 1, nullptr) ==
          octets("45c0002c00010000ff70d08d0a000001e00000122133ff020001caff0a0000640a0000650000000000000000"));
    CHECK(captured(0, 4, nullptr) ==
          octets("45c0002c00040000ff70d08a0a000001e0000012213300020001ca000a0000640a0000650000000000000000"));
    CHECK(captured(255, 1, "abcdefgh") ==
          octets("45c0002c00010000ff70d08d0a000001e00000122133ff020101386a0a0000640a0000656162636465666768"));
    CHECK(captured(255, 1, "1234") ==
          octets("45c0002c00010000ff70d08d0a000001e00000122133ff02010165990a0000640a0000653132333400000000"));
}

TEST_CASE("an advert without addresses") {
    Advert advert;
    advert.vrid = 51;
    advert.priority = 255;
    CHECK(encode_v2(advert, {}) == octets("2133ff000001dfca0000000000000000"));
}

TEST_CASE("a password is cut at 8 octets and padded with NUL") {
    const auto data = [](const char* password) {
        return authentication_data({AuthenticationType::password, sustain::core::Secret(password)});
    };
    CHECK(data("abcdefghij") == data("abcdefgh"));
    CHECK(data("12") == AuthenticationData{'1', '2', 0, 0, 0, 0, 0, 0});
    CHECK(authentication_data({}) == AuthenticationData{});
}

TEST_CASE("an advert carries as many addresses as fit an unfragmented packet") {
    CHECK(advertised_addresses_limit(1500) == 255);
    CHECK(advertised_addresses_limit(1000) == (1000 - 14 - 20 - 8 - 8) / 4);
    CHECK(advertised_addresses_limit(50) == 0);
    CHECK(advertised_addresses_limit(0) == 0);
}

TEST_CASE("the checksum of RFC 1071, odd lengths too") {
    CHECK(internet_checksum(octets("00010203f4f5f6f7")) == 0x120e);
    CHECK(internet_checksum({}) == 0xffff);
    CHECK(internet_checksum(octets("ff")) == 0x00ff);
    CHECK(internet_checksum(std::vector<std::uint8_t>(65536, 0xff)) == 0);
}
