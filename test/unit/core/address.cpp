#include "core/address.hpp"

#include <catch2/catch.hpp>

using sustain::core::Address;

TEST_CASE("numeric addresses are read and printed") {
    for (const char* text : {"0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "2001:db8::a", "fe80::1"}) {
        const auto address = Address::parse(text);
        REQUIRE(address);
        CHECK(address->to_string() == text);
    }
    CHECK(Address::parse("2001:DB8::A")->to_string() == "2001:db8::a");
    CHECK(Address::parse("::ffff:192.0.2.1")->is_ipv6());
}

TEST_CASE("what is not a numeric address is refused") {
    for (const char* text :
         {"", "10.0.0", "10.0.0.256", "10.0.02.1", "0x7f.1", " 10.0.0.1", "10.0.0.1 ", "localhost", "[::1]",
          "fe80::1%eth0", "1::2::3", "12345::1", "192.0.2.1:80", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa"}) {
        INFO(text);
        CHECK_FALSE(Address::parse(text));
    }
    CHECK_FALSE(Address::parse(std::string_view("10.0.0.1\0", 9)));
}

TEST_CASE("addresses compare unsigned, octet by octet") {
    CHECK(*Address::parse("10.0.0.1") < *Address::parse("200.0.0.1"));
    CHECK(*Address::parse("10.0.0.9") < *Address::parse("10.0.1.0"));
    CHECK(*Address::parse("fd00::1") < *Address::parse("fe80::1"));
    CHECK(Address::ipv4(0x0a000001) == *Address::parse("10.0.0.1"));
    CHECK(Address::parse("10.0.0.1")->ipv4_value() == 0x0a000001);
}

TEST_CASE("address kinds") {
    CHECK(Address::parse("224.0.0.18")->is_multicast());
    CHECK_FALSE(Address::parse("240.0.0.1")->is_multicast());
    CHECK(Address::parse("ff02::12")->is_multicast());
    CHECK(Address::parse("fe80::1")->is_link_local());
    CHECK(Address::parse("169.254.1.1")->is_link_local());
    CHECK_FALSE(Address::parse("10.0.0.1")->is_link_local());
}
