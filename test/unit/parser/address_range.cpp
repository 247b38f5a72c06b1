#include "parser/address_range.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::parser;

namespace {

std::string span(std::string_view word) {
    const auto range = read_address_range(word);
    return range ? range->first.to_string() + " " + range->last.to_string() : "";
}

RangeFault fault(std::string_view word) {
    const auto range = read_address_range(word);
    INFO(word);
    REQUIRE_FALSE(range.has_value());
    return range.error().fault;
}

}  // namespace

TEST_CASE("ranges of addresses") {
    CHECK(span("192.0.2.1") == "192.0.2.1 192.0.2.1");
    CHECK(span("192.0.2.1-5") == "192.0.2.1 192.0.2.5");
    CHECK(span("192.0.2.1-255") == "192.0.2.1 192.0.2.255");
    CHECK(span("192.0.2.1-+5") == "192.0.2.1 192.0.2.5");
    CHECK(span("192.0.2.1- 05") == "192.0.2.1 192.0.2.5");
    CHECK(span("192.0.2.1-192.0.3.9") == "192.0.2.1 192.0.3.9");
    CHECK(span("192.0.2.1-192.0.2.1") == "192.0.2.1 192.0.2.1");
    CHECK(span("2001:db8::1-f") == "2001:db8::1 2001:db8::f");
    CHECK(span("2001:db8::1-0xF") == "2001:db8::1 2001:db8::f");
    CHECK(span("2001:db8::1-ffff") == "2001:db8::1 2001:db8::ffff");
    CHECK(span("2001:db8::1-2001:db8::9") == "2001:db8::1 2001:db8::9");
}

TEST_CASE("networks") {
    CHECK(span("192.0.2.0/24") == "192.0.2.0 192.0.2.255");
    CHECK(span("192.0.2.0/+024") == "192.0.2.0 192.0.2.255");
    CHECK(span("192.0.2.1/32") == "192.0.2.1 192.0.2.1");
    CHECK(span("0.0.0.0/1") == "0.0.0.0 127.255.255.255");
    CHECK(span("2001:db8::/120") == "2001:db8:: 2001:db8::ff");
    CHECK(span("::/1") == ":: 7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    CHECK(span("192.0.2.1-192.0.2.5/32") == "192.0.2.1 192.0.2.1");  // as keepalived reads it
}

TEST_CASE("what is no range of addresses, and why") {
    for (const auto* const word : {"", "x", "192.0.2", "192.0.2.300", "192.0.2.1-2001:db8::1", "192.0.2.0/24-5",
                                   "192.0.2.0/-24", "[::1]", "2001:db8::1::2-5"}) {
        CHECK(fault(word) == RangeFault::address);
    }
    for (const auto* const word : {"192.0.2.1-192.0.2", "192.0.2.1-5.5", "192.0.2.1-192.0.2.9x", "::1-:f"}) {
        CHECK(fault(word) == RangeFault::end);
    }
    for (const auto* const word : {"192.0.2.1-256", "192.0.2.1--5", "192.0.2.1-99999999999999999999", "::1-10000"}) {
        CHECK(fault(word) == RangeFault::too_large);
    }
    for (const auto* const word : {"192.0.2.1-5x", "192.0.2.1-0x5", "192.0.2.1-5-", "::1-g", "::1-1.2.3.4"}) {
        CHECK(fault(word) == RangeFault::junk);
    }
    CHECK(read_address_range("192.0.2.1-5x").error().text == "x");
    for (const auto* const word : {"192.0.2.5-1", "192.0.2.1-1", "192.0.2.1-", "::1-1", "::1-"}) {
        CHECK(fault(word) == RangeFault::not_greater);
    }
    CHECK(fault("192.0.2.9-192.0.2.1") == RangeFault::less);
    for (const auto* const word : {"192.0.2.0/0", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/24x", "::/0", "::/129"}) {
        CHECK(fault(word) == RangeFault::netmask);
    }
    CHECK(fault("192.0.2.1/24") == RangeFault::host_bits);
    CHECK(fault("2001:db8::1/120") == RangeFault::host_bits);
    CHECK(fault("192.0.2.1-5/24") == RangeFault::host_bits);
}
