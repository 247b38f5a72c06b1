#include "netlink/message.hpp"

#include <linux/rtnetlink.h>

#include <catch2/catch.hpp>
#include <vector>

#include "netlink/attributes.hpp"

using namespace sustain::netlink;

namespace {

constexpr int kName = 3;
constexpr int kNest = 2;
constexpr int kNumber = 1;

Policy<3> policy() {
    Policy<3> result{};
    result[kNumber].type = NLA_U32;
    result[kNest].type = NLA_NESTED;
    result[kName].type = NLA_STRING;
    return result;
}

}  // namespace

TEST_CASE("a message has its header, family header and padded attributes on the wire") {
    Message message(0x1234, NLM_F_CREATE);
    message.append(rtgenmsg{7});
    message.put_u8(1, 0xab);
    message.put_string(2, "eth0");

    const std::vector<std::uint8_t> expected = {
        40, 0, 0, 0, 0x34, 0x12, 0x01, 0x04, 0, 0, 0, 0, 0, 0, 0, 0,  // length, type, flags, sequence, port
        7,  0, 0, 0,                                                  // family header
        5,  0, 1, 0, 0xab, 0,    0,    0,                             // u8
        9,  0, 2, 0, 'e',  't',  'h',  '0',  0, 0, 0, 0,              // string
    };
    const auto octets = message.octets();
    CHECK(std::vector(octets.begin(), octets.end()) == expected);
}

TEST_CASE("attributes come back through a policy, however large the message has grown") {
    Message message(1, 0);
    message.append(rtgenmsg{});
    const std::string name(300, 'x');
    {
        const auto outer = message.nest(kNest);
        message.put_u32(kNumber, 7);
        const auto inner = message.nest(kNest);
        message.put_string(kName, name);  // grows, which moves the nests
        message.put_u32(kNumber, 8);
    }
    { const auto empty = message.nest(kNest); }
    message.put_u32(kNumber, 9);

    const auto top = Attributes<3>::of(message.header(), sizeof(rtgenmsg), policy());
    REQUIRE(top.has_value());
    CHECK(top->u32(kNumber) == 9);
    CHECK_FALSE(top->has(kName));
    const auto outer = Attributes<3>::within((*top)[kNest], policy());
    REQUIRE(outer.has_value());
    CHECK(outer->u32(kNumber) == 7);
    const auto inner = Attributes<3>::within((*outer)[kNest], policy());
    REQUIRE(inner.has_value());
    CHECK(inner->text(kName) == name);
    CHECK(inner->u32(kNumber) == 8);
}

TEST_CASE("attributes that the policy forbids are not read") {
    SECTION("a number that is too short") {
        Message message(1, 0);
        message.append(rtgenmsg{});
        message.put_u16(kNumber, 7);
        CHECK_FALSE(Attributes<3>::of(message.header(), sizeof(rtgenmsg), policy()).has_value());
    }
    SECTION("a string without end") {
        Message message(1, 0);
        message.append(rtgenmsg{});
        const std::vector<std::uint8_t> text = {'a', 'b'};
        message.put(kName, text);
        CHECK_FALSE(Attributes<3>::of(message.header(), sizeof(rtgenmsg), policy()).has_value());
    }
    SECTION("no family header") {
        const Message message(1, 0);
        CHECK_FALSE(Attributes<3>::of(message.header(), sizeof(ifaddrmsg), policy()).has_value());
    }
    SECTION("no attribute to look within") {
        CHECK_FALSE(Attributes<3>::within(nullptr, policy()).has_value());
    }
}

TEST_CASE("an attribute that cannot be described is a bug of the caller") {
    Message message(1, 0);
    const std::vector<std::uint8_t> octets(0x10000);
    CHECK_THROWS_AS(message.put(1, octets), std::length_error);
}
