#include "ipvs/services.hpp"

#include <catch2/catch.hpp>

#include "examples.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

VirtualServer of_group() {
    VirtualServer server = virtual_server({real_server(1)});
    server.selector = Selector::group;
    return server;
}

std::vector<ServiceKey> services(const Group& group, VirtualServer server = of_group()) {
    return services_of(server, &group);
}

Group range(std::string_view first, std::string_view last) {
    return {.name = "G", .ranges = {{address(first), address(last), 80}}, .marks = {}};
}

}  // namespace

TEST_CASE("an IPv4 range goes beyond its /24, where keepalived runs for ever") {
    const auto keys = services(range("10.0.0.254", "10.0.2.1"));
    REQUIRE(keys.size() == 260);
    CHECK(keys[0].address == address("10.0.0.254"));
    CHECK(keys[2].address == address("10.0.1.0"));
    CHECK(keys[258].address == address("10.0.2.0"));
    CHECK(keys.back().address == address("10.0.2.1"));
    CHECK(services(range("10.0.0.0", "10.0.255.255")).size() == 65536);
}

TEST_CASE("an IPv6 range carries over from its last 16 bits, and ends somewhere") {
    const auto keys = services(range("2001:db8::fffe", "2001:db8::1:1"));
    REQUIRE(keys.size() == 4);
    CHECK(keys[1].address == address("2001:db8::ffff"));
    CHECK(keys[2].address == address("2001:db8::1:0"));
    CHECK(keys[3].address == address("2001:db8::1:1"));
    CHECK(services(range("2001:db8::", "2001:db8::ffff:ffff:ffff:ffff")).size() == kMostAddressesIpv6);
}

TEST_CASE("the size of a range") {
    const auto size = [](std::string_view first, std::string_view last) {
        return size_of({address(first), address(last), 0});
    };
    CHECK(size("10.0.0.1", "10.0.0.1") == 1);
    CHECK(size("10.0.0.255", "10.0.1.0") == 2);
    CHECK(size("0.0.0.0", "255.255.255.255") == std::uint64_t{1} << 32);
    CHECK(size("::", "::1:0") == 65537);
    CHECK(size("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("addresses first, then marks, each once, with the family that they have or are given") {
    Group group = range("10.0.0.1", "10.0.0.3");
    group.ranges.push_back({address("10.0.0.2"), address("10.0.0.4"), 80});
    group.ranges.push_back({address("10.0.0.2"), address("10.0.0.2"), 81});
    group.marks = {
        {.value = 9, .family = core::Address::Family::ipv6}, {.value = 0, .family = {}}, {.value = 3, .family = {}}};
    VirtualServer server = of_group();
    server.protocol = Protocol::sctp;
    auto keys = services(group, server);
    REQUIRE(keys.size() == 7);
    CHECK(to_string(keys[3]) == "[10.0.0.4]:sctp:80");
    CHECK(to_string(keys[4]) == "[10.0.0.2]:sctp:81");
    CHECK(keys[5].fwmark == 9);
    CHECK(keys[5].address.is_ipv6());
    CHECK(keys[5].protocol == Protocol::none);
    CHECK(keys[6].fwmark == 3);
    CHECK(keys[6].address.is_ipv4());
    server.family = core::Address::Family::ipv6;
    CHECK(services(group, server)[6].address.is_ipv6());
}

TEST_CASE("a mark is one service of its family") {
    VirtualServer server = virtual_server({real_server(1)});
    server.selector = Selector::fwmark;
    server.fwmark = 10;
    const auto ipv4 = services_of(server, nullptr);
    server.family = core::Address::Family::ipv6;
    const auto ipv6 = services_of(server, nullptr);
    REQUIRE((ipv4.size() == 1 && ipv6.size() == 1));
    CHECK(ipv4[0] != ipv6[0]);
    CHECK(to_string(ipv6[0]) == "FWM 10");
}
