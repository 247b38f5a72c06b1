// Options of addresses (spec/routes-rules.md section 2).
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using vrrp::StaticAddress;

namespace {

Outcome outcome_of(std::string_view line, const Environment& machine = test::FakeMachine()) {
    return test::test_text(fmt::format("track_group G {{\n group {{\n V\n }}\n}}\nstatic_ipaddress {{\n{}\n}}\n", line),
                           machine);
}

StaticAddress good(std::string_view line) {
    const Outcome outcome = outcome_of(line);
    INFO(line << '\n' << test::headlines(outcome));
    CHECK(outcome.test_status == 0);
    CHECK(outcome.config.has_vrrp);
    REQUIRE(outcome.config.vrrp.static_addresses.size() == 1);
    return outcome.config.vrrp.static_addresses[0];
}

std::vector<StaticAddress> bad(std::string_view line, std::string_view message, int status = 5) {
    const Outcome outcome = outcome_of(line);
    const std::string text = test::headlines(outcome);
    INFO(line << '\n' << text);
    CHECK(outcome.test_status == status);
    CHECK(text.find(message) != std::string::npos);
    return outcome.config.vrrp.static_addresses;
}

}  // namespace

TEST_CASE("options of an address") {
    const StaticAddress address = good(
        "192.0.2.5/24 dev eth1 scope link brd + label eth1:x home -nodad mngtmpaddr noprefixroute autojoin "
        "preferred_lft 5 track_group G");
    CHECK(address.prefix == core::Prefix{core::Address::parse("192.0.2.5").value(), 24});
    CHECK(address.device == "eth1");
    CHECK(address.scope == 253);
    CHECK(address.broadcast == core::Address::parse("192.0.2.255"));
    CHECK(address.label == "eth1:x");
    CHECK(address.home);
    CHECK(address.detect_duplicates);
    CHECK(address.manage_temporary);
    CHECK_FALSE(address.prefix_route);
    CHECK(address.autojoin);
    CHECK(address.preferred_lifetime == 5);
    CHECK(address.track_group == "G");

    CHECK(good("2001:db8::1").preferred_lifetime == 0);
    CHECK(good("2001:db8::1/64").preferred_lifetime == vrrp::kForever);
    CHECK(good("2001:db8::1 preferred_lft forever").preferred_lifetime == vrrp::kForever);
    CHECK(good("192.0.2.5 peer 192.0.2.6").peer == core::Address::parse("192.0.2.6"));
    CHECK(good("192.0.2.5 scope 4294967296").scope == 0);
    CHECK(good("192.0.2.5/").prefix.length == 0);
}

TEST_CASE("what a bad option of an address costs") {
    CHECK(bad("192.0.2.5/33", "outside range [0, 32]").at(0).prefix.length == 32);
    CHECK(bad("192.0.2.5 scope 256", "Invalid scope '256'").size() == 1);
    CHECK(bad("2001:db8::1 scope link", "Cannot specify scope for IPv6").at(0).scope == 0);
    CHECK(bad("192.0.2.5/31 brd +", "prefix length 31 too long for broadcast").at(0).broadcast == std::nullopt);
    CHECK(bad("2001:db8::1 label x", "Cannot specify label for IPv6").at(0).label.empty());
    CHECK(bad("192.0.2.5/24 peer 192.0.2.6", "Cannot specify address prefix").at(0).prefix.length == 32);
    CHECK(bad("192.0.2.5 peer 192.0.2.6 brd 192.0.2.7", "ignoring broadcast").at(0).broadcast == std::nullopt);
    CHECK(bad("192.0.2.5 peer 192.0.2.6 peer 192.0.2.7", "another peer").at(0).peer ==
          core::Address::parse("192.0.2.6"));
    CHECK(bad("192.0.2.5 peer ::1", "does not match address family").at(0).peer == std::nullopt);
    CHECK(bad("192.0.2.5 preferred_lft 5x", "invalid number '5x'").size() == 1);
    CHECK(bad("192.0.2.5 use_vmac home", "Unknown configuration entry 'use_vmac'").at(0).home);
    CHECK(bad("192.0.2.5 track_group H", "track_group H not found").at(0).track_group.empty());
    CHECK_FALSE(bad("192.0.2.5 track_group G track_group G home", "is a duplicate").at(0).home);

    CHECK(bad("192.0.2 dev eth0", "VRRP parsed invalid IP 192.0.2. skipping IP...").empty());
    CHECK(bad("192.0.2.5 dev eth0 dev eth1", "Cannot specify ipaddress device more than once").empty());
    CHECK(bad("192.0.2.5 dev", "No dev parameter specified for 192.0.2.5").empty());
    CHECK(bad("2001:db8::1 brd +", "trying to assign a broadcast").empty());
    CHECK(bad("192.0.2.5 brd 192.0.2", "trying to assign invalid broadcast 192.0.2").empty());
    CHECK(bad("192.0.2.5 label 1234567890123456", "longer than maximum length 15").empty());
    CHECK(bad("192.0.2.5 dev eth9", "interface eth9 for ip address 192.0.2.5 doesn't exist").size() == 1);
    CHECK(bad("\"192.0.2.5/24{\" dev eth9", "interface eth9 for ip address 192.0.2.5/24{ doesn't exist").size() == 1);
}

TEST_CASE("static addresses without interface go on the default interface") {
    CHECK(good("192.0.2.5").device == "eth0");
    test::FakeMachine machine;
    machine.interfaces = {"lo"};
    const Outcome outcome = outcome_of("192.0.2.5\n192.0.2.6 dev lo", machine);
    CHECK(outcome.test_status == 4);
    CHECK(outcome.vrrp_fatal == 2);
    CHECK(outcome.config.vrrp.static_addresses.size() == 1);
}
