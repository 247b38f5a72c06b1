// Rules and what a mistake in one costs (spec/routes-rules.md section 4).
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using vrrp::Rule;

namespace {

struct Machine final : public Environment {
    [[nodiscard]] bool interface_exists(const std::string& name) const override {
        return name == "eth0" || name == "eth1";
    }
    [[nodiscard]] std::optional<std::uint8_t> ip_protocol(const std::string& name) const override {
        return name == "tcp" ? std::optional<std::uint8_t>(6) : std::nullopt;
    }
};

Outcome outcome_of(std::string_view lines) {
    return test::test_text(
        fmt::format("track_group G {{\n group {{\n V\n }}\n}}\nstatic_rules {{\n{}\n}}\nvrrp_instance V {{\n interface "
                    "eth0\n virtual_router_id 1\n virtual_ipaddress {{\n  192.0.2.1\n }}\n}}\n",
                    lines),
        Machine());
}

Rule good(std::string_view line) {
    const Outcome outcome = outcome_of(line);
    INFO(line << '\n' << test::headlines(outcome));
    CHECK(outcome.test_status == 0);
    REQUIRE(outcome.config.vrrp.static_rules.size() == 1);
    return outcome.config.vrrp.static_rules[0];
}

std::vector<Rule> bad(std::string_view line, std::string_view message, int status = 5) {
    const Outcome outcome = outcome_of(line);
    const std::string text = test::headlines(outcome);
    INFO(line << '\n' << text);
    CHECK(outcome.test_status == status);
    CHECK(text.find(message) != std::string::npos);
    return outcome.config.vrrp.static_rules;
}

bool dropped(std::string_view line, std::string_view message) {
    return bad(line, message).empty();
}

core::Address address(std::string_view text) {
    return core::Address::parse(text).value();
}

}  // namespace

TEST_CASE("selectors of a rule") {
    const Rule rule = good(
        "not from default to 10.0.0.0/8 iif eth0 oif eth1 tos 0x10 fwmark 0x10/0xff ipproto tcp sport 1-2 dport 80-80 "
        "uidrange 5-6 tunnel-id 18446744073709551615 table 5 preference 0x20");
    CHECK(rule.invert);
    CHECK(rule.to == core::Prefix{address("10.0.0.0"), 8});
    CHECK(rule.from == core::Prefix{address("0.0.0.0"), 0});
    CHECK(rule.iif == "eth0");
    CHECK(rule.oif == "eth1");
    CHECK(rule.tos == 16);
    CHECK(rule.mark == 16);
    CHECK(rule.mask == 255);
    CHECK(rule.ip_protocol == 6);
    CHECK(rule.source_ports == vrrp::PortRange{1, 2});
    CHECK(rule.destination_ports == vrrp::PortRange{80, 80});
    CHECK(rule.users == vrrp::UserRange{5, 6});
    CHECK(rule.tunnel_id == 18446744073709551615U);
    CHECK(rule.action == Rule::Action::to_table);
    CHECK(rule.target == 5);
    CHECK(rule.preference == 32);
    CHECK(rule.protocol == 18);
    CHECK(rule.family == core::Address::Family::ipv4);

    CHECK(good("fwmark 10/ table 5 preference 5").mask == 0);
    CHECK(good("fwmark 10 table 5 preference 5").mask == std::nullopt);
    CHECK(good("uidrange -5-6x table 5 preference 5").users == vrrp::UserRange{4294967291, 6});
    CHECK(good("from default to ::1 table 5 preference 5").from == core::Prefix{address("::"), 0});

    CHECK(bad("sport 80 table 5 preference 5", "invalid sport range 80").at(0).source_ports == std::nullopt);
    CHECK(bad("ipproto 128 table 5 preference 5", "Invalid ipproto 128").size() == 1);
    CHECK(bad("protocol static table 5 preference 5", "invalid number 'static'").at(0).protocol == 18);
    CHECK(dropped("fwmark -1 table 5 preference 5", "Invalid rule fwmark -1 specified"));
    CHECK(dropped("to ::1 from default table 5 preference 5", "rule specification has mixed IPv4 and IPv6"));
    CHECK(dropped("from ::1 realms 3 table 5 preference 5", "realms is only valid for IPv4"));
    CHECK(dropped("inet6 from all table 5 preference 5", "Unknown rule option all"));
    CHECK(good("inet6 X table 5 preference 5").family == core::Address::Family::ipv6);
    CHECK(dropped("from 10.0.0.x table 5 preference 5", "Invalid rule from address 10.0.0.x"));
    CHECK(bad("from ::1 realms", "missing a parameter after keyword `realms` at word position 4", 2).empty());
    CHECK(bad("from", "missing a parameter after keyword `from` at word position 2", 2).empty());
}

TEST_CASE("actions of a rule") {
    CHECK(good("goto 10 preference 5").target == 10);
    CHECK(good("nop preference 5").action == Rule::Action::nop);
    CHECK(good("type prohibit preference 5").action == Rule::Action::prohibit);
    CHECK(good("7 preference 5").action == Rule::Action::unreachable);
    CHECK(good("l3mdev realms 3 preference 5").action == Rule::Action::l3mdev);
    CHECK(good("lookup main suppress_ifgroup 5 sup_pl 0 preference 5").suppress_group == 5);
    CHECK(good("table -1 preference 5").target == 4294967295);

    CHECK(dropped("from 10.0.0.0/8 preference 5", "No action specified for rule"));
    CHECK(dropped("table 0 preference 5", "Table 0 is not valid"));
    CHECK(dropped("table 5 table 5 preference 5", "Cannot specify more than one of"));
    CHECK(dropped("nop l3mdev preference 5", "Cannot specify l3mdev with other action"));
    CHECK(dropped("goto 10", "goto target 10 specified without preference"));
    CHECK(dropped("goto 10 preference 10", "preference 10 >= goto target 10"));
    CHECK(dropped("nop realms 3 preference 5", "suppressor/realm specified for non table action"));
    CHECK(dropped("throw preference 5", "Invalid rule action throw"));
    CHECK(dropped("type table 5 preference 5", "Unknown rule option table"));
    CHECK(dropped("table 5 preference 08", "invalid number '08'"));
}

TEST_CASE("who made a rule and where it stands") {
    CHECK(good("table 5 preference 5 protocol 3 no_track").protocol == 3);
    CHECK(good("table 5 preference 5 no_track").protocol == std::nullopt);
    CHECK(bad("table 5 preference 5 protocol 3", "resetting protocol").at(0).protocol == 18);

    const auto rules = bad("table 5\nto ::1 table 5\ntable 6", "setting to 16384");
    REQUIRE(rules.size() == 3);
    CHECK(rules[0].preference == 16384);
    CHECK(rules[1].preference == 16384);
    CHECK(rules[2].preference == 16383);

    CHECK(good("iif eth0 table 5 preference 5 track_group G").track_group == "G");
    CHECK(bad("table 5 preference 5 track_group G", "if dev/iif not specified").at(0).track_group.empty());
    CHECK(bad("iif eth0 table 5 preference 5 track_group G track_group G foo", "is a duplicate").size() == 1);
}
