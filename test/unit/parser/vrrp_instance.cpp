#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using namespace std::chrono_literals;

namespace {

/// An instance with these statements besides what is necessary.
std::string instance(std::string_view statements, std::string_view addresses = "192.0.2.1") {
    return fmt::format(
        "vrrp_instance A {{\ninterface eth0\nvirtual_router_id 51\n{}\nvirtual_ipaddress {{\n{}\n}}\n}}\n", statements,
        addresses);
}

/// The instance as -t reads it, which must not find anything wrong.
vrrp::Instance good(std::string_view statements, std::string_view addresses = "192.0.2.1") {
    Outcome outcome = test::test_text(instance(statements, addresses));
    INFO(test::headlines(outcome));
    CHECK(outcome.diagnostics.empty());
    REQUIRE(outcome.config.vrrp.instances.size() == 1);
    return outcome.config.vrrp.instances[0];
}

/// The instance as it is after the one problem that -t reports with status 5.
vrrp::Instance bad(std::string_view statements, std::string_view message, std::string_view addresses = "192.0.2.1") {
    Outcome outcome = test::test_text(instance(statements, addresses));
    INFO(statements << '\n' << addresses << '\n' << test::headlines(outcome));
    CHECK(outcome.test_status == 5);
    CHECK_FALSE(test::fatal_status(outcome).has_value());
    CHECK(test::headlines(outcome).find(message) != std::string::npos);
    REQUIRE(outcome.config.vrrp.instances.size() == 1);
    return outcome.config.vrrp.instances[0];
}

/// Status 5, and the daemon ends with 2.
void fatal(std::string_view text, std::string_view message) {
    const Outcome outcome = test::test_text(text);
    INFO(text << '\n' << test::headlines(outcome));
    CHECK(outcome.test_status == 5);
    CHECK(outcome.vrrp_fatal == 2);
    CHECK(test::fatal_status(outcome) == 2);
    CHECK(test::headlines(outcome).find(message) != std::string::npos);
}

}  // namespace

TEST_CASE("statements of an instance") {
    CHECK(good("").priority == 100);
    CHECK(good("").initial_state == vrrp::State::backup);
    CHECK(good("priority 255").initial_state == vrrp::State::master);
    CHECK(good("state MASTER").priority == 255);
    CHECK(good("state MASTER\npriority 7").priority == 7);
    CHECK(good("priority 255").priority == 255);
    CHECK(good("advert_int 5").advert_interval == 5s);
    CHECK(good("version 2").vrid == 51);
    CHECK_FALSE(good("nopreempt").preempt);
    CHECK(good("nopreempt\npreempt").preempt);
    CHECK(good("preempt_delay 1.5").preempt_delay == 1500ms);
    CHECK(good("interface eth1").interface == "eth1");
    CHECK(good("authentication {\nauth_pass x\n}").authentication == vrrp::Authentication{});
    const auto garp = good(
                          "garp_master_delay 0\ngarp_master_repeat 2\ngarp_master_refresh 60\n"
                          "garp_master_refresh_repeat 3\ngarp_lower_prio_delay 4\ngarp_lower_prio_repeat 0")
                          .garp;
    CHECK(garp == vrrp::GarpSettings{2, 0s, 60s, 3, 0, 4s});
}

TEST_CASE("bad statements of an instance") {
    CHECK(bad("priority 256", "number '256' outside range [1, 255]").priority == 100);
    CHECK(bad("priority 7\npriority x", "invalid number 'x'").priority == 100);
    CHECK(bad("virtual_router_id 0", "number '0' outside range [1, 255]").vrid == 51);
    CHECK(bad("state FOO", "(A) unknown state 'FOO', defaulting to BACKUP").initial_state == vrrp::State::backup);
    CHECK(bad("state MASTER\nstate BACKUP", "previously set as MASTER - ignoring").initial_state ==
          vrrp::State::master);
    CHECK(bad("version 4", "number '4' outside range [2, 3]").vrid == 51);
    CHECK(bad("version 2\nversion 3", "(A) vrrp_version 3 conflicts with configured or deduced version 2").vrid == 51);
    CHECK(bad("advert_int 256", "outside range [0.010000, 255.000000]").advert_interval == 1s);
    CHECK(bad("advert_int 0.3", "(A) VRRPv2 advertisement interval 0.300000s must be an integer. rounding")
              .advert_interval == 1s);
    CHECK(bad("advert_int 1.5", "must be an integer").advert_interval == 2s);
    CHECK(bad("preempt_delay 5\npreempt_delay 1001", "outside range [0.000000, 1000.000000]").preempt_delay == 0s);
    CHECK(bad("garp_master_repeat 0", "(A): garp_master_repeat must be greater than 0, setting to 1").garp.repeat == 1);
    CHECK(bad("garp_master_delay 5000", "number '5000' outside range [0, 4294]").garp.delay == 5s);
    CHECK(bad("authentication {\nauth_type PASS\nauth_pass 123456789\n}", "Truncating auth_pass to 8 characters")
              .authentication.password.reveal() == "12345678");
    CHECK(bad("authentication {\nauth_type FOO\n}", "(A) unknown authentication type 'FOO'").authentication.type ==
          vrrp::AuthenticationType::none);
    CHECK(bad("authentication {\nauth_type PASS\n}", "(A) Authentication specified but no password given. Ignoring")
              .authentication.type == vrrp::AuthenticationType::none);
    CHECK(bad("interface averyveryverylongname", "Interface name 'averyveryverylongname' too long").interface ==
          "eth0");
    CHECK(bad("state MASTER\nnopreempt", "nopreempt is incompatible with priority 255").preempt);
    CHECK(bad("state MASTER\npriority 9\nnopreempt", "will not work with initial state MASTER").preempt);
    CHECK(bad("nopreempt\npreempt_delay 5", "preempt_delay is incompatible with nopreempt mode").preempt_delay == 0s);
    CHECK(bad("state MASTER\npreempt_delay 5", "preempt delay will not work with initial state MASTER").preempt_delay ==
          0s);
}

TEST_CASE("the daemon is lenient where keepalived is") {
    const auto lenient = [](std::string_view statements) {
        Outcome outcome = test::load_text(instance(statements));
        REQUIRE(outcome.config.vrrp.instances.size() == 1);
        CHECK(test::headlines(outcome).find("invalid number") != std::string::npos);
        return outcome.config.vrrp.instances[0];
    };
    CHECK(lenient("garp_master_repeat 3x").garp.repeat == 3);
    CHECK(lenient("garp_master_delay 7.9").garp.delay == 7s);
    CHECK(lenient("preempt_delay 5s").preempt_delay == 5us);
    CHECK(lenient("priority 99x").priority == 100);  // strict
    CHECK(test::headlines(test::load_text(instance("garp_master_repeat 3x"))).find(") WARNING - invalid number '3x'") !=
          std::string::npos);
    const auto prefix =
        test::load_text(instance("", "192.0.2.1/24x")).config.vrrp.instances.at(0).addresses.at(0).prefix;
    CHECK(prefix.length == 24);
}

TEST_CASE("address lines") {
    const auto address = [](std::string_view line) { return good("", line).addresses.at(0); };
    CHECK(address("192.0.2.1").prefix.length == 32);
    CHECK(address("192.0.2.1/24").prefix.length == 24);
    CHECK(address("192.0.2.1/").prefix.length == 0);
    CHECK(address("192.0.2.1 dev eth1").device == "eth1");
    CHECK(address("192.0.2.1/24 brd 192.0.2.254").broadcast == core::Address::parse("192.0.2.254"));
    CHECK(address("192.0.2.1/24 broadcast +").broadcast == core::Address::parse("192.0.2.255"));
    CHECK(address("192.0.2.1/24 brd -").broadcast == core::Address::parse("192.0.2.0"));
    CHECK(address("192.0.2.1 scope link label eth0:1").scope == 253);
    CHECK(address("192.0.2.1 scope 0xfe").scope == 254);
    CHECK(address("192.0.2.1 label eth0:1").label == "eth0:1");
    CHECK(address("192.0.2.1").track);
    CHECK_FALSE(address("192.0.2.1 no_track").track);
    const auto many = good("virtual_ipaddress_excluded {\n192.0.2.9\n}", "192.0.2.2\n192.0.2.1");
    REQUIRE(many.addresses.size() == 2);
    CHECK(many.addresses[0].prefix.address == core::Address::parse("192.0.2.2"));
    CHECK(many.excluded.size() == 1);
}

TEST_CASE("bad address lines") {
    const auto left = [](std::string_view line, std::string_view message) {
        return bad("", message, "192.0.2.99\n" + std::string(line)).addresses.size() - 1;
    };
    CHECK(left("192.0.2.256", "VRRP parsed invalid IP 192.0.2.256. skipping IP...") == 0);
    CHECK(left("192.0.2.1/33", "number '33' outside range [0, 32]") == 1);
    CHECK(left("192.0.2.1 foo", "Unknown configuration entry 'foo' for ip address - ignoring") == 1);
    CHECK(left("192.0.2.1 dev", "No dev parameter specified for 192.0.2.1") == 0);
    CHECK(left("192.0.2.1 dev eth0 dev eth1", "Cannot specify ipaddress device more than once for 192.0.2.1") == 0);
    CHECK(left("192.0.2.1 brd x", "VRRP is trying to assign invalid broadcast x. skipping VIP...") == 0);
    CHECK(left("192.0.2.1 brd +", "Address prefix length 32 too long for broadcast") == 1);
    CHECK(left("192.0.2.1 label 1234567890123456", "is longer than maximum length 15 - removing address") == 0);
    CHECK(left("192.0.2.1 scope foo", "Invalid scope 'foo' specified for 192.0.2.1 - ignoring") == 1);
    CHECK(left("192.0.2.1 scope 256", "Invalid scope '256'") == 1);
    CHECK(left("2001:db8::1", "(A): address family must match VRRP instance [2001:db8::1] - ignoring") == 0);
    CHECK(left("192.0.2.99/24", "duplicate address 192.0.2.99/24") == 0);
    CHECK(bad("virtual_ipaddress_excluded {\n192.0.2.9\n192.0.2.9 dev eth0\n192.0.2.9 dev eth1\n}", "duplicate")
              .excluded.size() == 2);
}

TEST_CASE("more addresses than an advert has room for") {
    std::string addresses;
    for (int i = 0; i < 300; ++i) {
        addresses += fmt::format("10.0.{}.{}\n", i / 200, i % 200 + 1);
    }
    const auto instance =
        bad("", "Number of VIPs (300) exceeds maximum/space available in packet (max 255 addresses)", addresses);
    CHECK(instance.addresses.size() == 255);
    REQUIRE(instance.excluded.size() == 45);
    CHECK(instance.excluded[0].prefix.address == core::Address::parse("10.0.1.56"));
}

TEST_CASE("an instance without addresses") {
    const char* const text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n}\n";
    CHECK(test::status(text) == 5);
    CHECK(test::test_text(text).config.vrrp.instances.size() == 1);
    CHECK(test::headlines(test::test_text(text)).find(": Line 4) (A) No VIP specified; at least one is sensible") !=
          std::string::npos);
    fatal("vrrp_instance A {\nversion 3\ninterface eth0\nvirtual_router_id 1\n}\n", "at least one is required");
}

TEST_CASE("names of instances") {
    CHECK(test::test_text(
              "vrrp_instance \"a b\" {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n1.1.1.1\n}\n}")
              .config.vrrp.instances.at(0)
              .name == "a b");
    const std::string two = instance("") + instance("virtual_router_id 52");
    CHECK(test::headlines(test::test_text(two)).find("vrrp instance A already defined") != std::string::npos);
    CHECK(test::test_text(two).config.vrrp.instances.size() == 1);
    for (const auto* const line : {"vrrp_instance {\nfoo\n}\n", "vrrp_instance A B {\nfoo\n}\n"}) {
        const Outcome outcome = test::test_text(line);
        CHECK(outcome.diagnostics.size() == 1);
        CHECK(outcome.diagnostics[0].message == "vrrp_instance must have a name");
        CHECK(outcome.config.has_vrrp);
    }
}

TEST_CASE("what the VRRP process does not start with") {
    fatal("vrrp_instance A {\ninterface eth0\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n",
          "(A) the virtual router id must be set");
    fatal("vrrp_instance A {\nvirtual_router_id 1\n}\n", "(A) Unknown interface!");
    fatal(instance("interface lo"), "(A) cannot use a loopback interface (lo) for vrrp - ignoring");
    fatal(instance("interface nosuch0"), "WARNING - interface nosuch0 for vrrp_instance A doesn't exist");
    fatal(instance("", "192.0.2.1 dev nosuch0"), "WARNING - interface nosuch0 for ip address 192.0.2.1 doesn't exist");
    std::string other = instance("");
    other.replace(other.find(" A "), 3, " B ");
    fatal(instance("") + other, "(A) duplicate VRID conflict with B VRID 51");
    other.replace(other.find("eth0"), 4, "eth1");
    CHECK(test::status(instance("") + other) == 0);
}

TEST_CASE("dynamic_interfaces may stand anywhere") {
    const Outcome outcome = test::test_text(instance("interface later0") + "global_defs {\ndynamic_interfaces\n}\n");
    CHECK(outcome.test_status == 0);
    CHECK(outcome.config.global.dynamic_interfaces);
    CHECK(outcome.config.vrrp.instances.at(0).interface == "later0");
    CHECK(test::status("global_defs {\ndynamic_interfaces foo\n}\n") == 5);
    CHECK(test::test_text("global_defs {\ndynamic_interfaces foo\n}\n").config.global.dynamic_interfaces);
}

TEST_CASE("instances that need what is not there yet are not started") {
    const Outcome outcome = test::test_text(instance("use_ipvlan 192.0.2.3"));
    INFO(test::headlines(outcome));
    CHECK(outcome.test_status == 0);
    CHECK(outcome.config.vrrp.instances.empty());
    CHECK(test::headlines(outcome).find("not supported yet: the instance is not started") != std::string::npos);
    CHECK(good("").vrid == 51);
}

TEST_CASE("where adverts go is filled in") {
    const auto group = [](std::string_view statements, std::string_view globals = "", const char* vip = "192.0.2.1") {
        const Outcome outcome =
            test::test_text(instance(statements, vip) + fmt::format("global_defs {{\n{}\n}}\n", globals));
        INFO(test::headlines(outcome));
        REQUIRE(outcome.config.vrrp.instances.size() == 1);
        return outcome.config.vrrp.instances[0].group.value().to_string();
    };
    CHECK(group("") == "224.0.0.18");
    CHECK(group("mcast_dst_ip 224.0.0.19") == "224.0.0.19");
    CHECK(group("", "vrrp_mcast_group4 224.0.0.20") == "224.0.0.20");
    CHECK(group("", "", "2001:db8::1") == "ff02::12");
    CHECK(group("", "vrrp_mcast_group6 ff02::13", "2001:db8::1") == "ff02::13");
    CHECK(group("unicast_peer {\n192.0.2.7\n}", "vrrp_mcast_group4 224.0.0.20") == "224.0.0.20");
}
