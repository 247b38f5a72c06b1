#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using Family = core::Address::Family;

namespace {

std::string mark(const std::string& statements, std::string_view number = "5") {
    return fmt::format("virtual_server fwmark {} {{\nlvs_sched rr\n{}\n}}\n", number, statements);
}

const std::string kNat = "lvs_method NAT\n";
const std::string kTunnel = "lvs_method TUN\n";
const std::string kFour = "real_server 192.0.2.2 {\n}\n";
const std::string kSix = "real_server ::2 {\n}\n";

ipvs::VirtualServer good(const std::string& text) {
    const Outcome outcome = test::test_text(text);
    INFO(text << test::headlines(outcome));
    CHECK(outcome.test_status == 0);
    REQUIRE(outcome.config.ipvs.virtual_servers.size() == 1);
    return outcome.config.ipvs.virtual_servers[0];
}

std::vector<ipvs::VirtualServer> bad(const std::string& text, std::string_view message) {
    Outcome outcome = test::test_text(text);
    INFO(text << test::headlines(outcome));
    CHECK(outcome.test_status == 5);
    CHECK(test::headlines(outcome).find(message) != std::string::npos);
    return std::move(outcome.config.ipvs.virtual_servers);
}

}  // namespace

TEST_CASE("a virtual server for a mark") {
    const auto server = good(mark(kNat + "real_server 192.0.2.2 80 {\n}\nops\n", "4294967295 and more"));
    CHECK(server.selector == ipvs::Selector::fwmark);
    CHECK(server.fwmark == 4294967295);
    CHECK(server.family == Family::ipv4);
    CHECK(server.protocol == ipvs::Protocol::none);
    CHECK(server.flags == 4);
    CHECK(server.real_servers.at(0).port == 80);
    CHECK(bad(mark(kNat + kFour, "x"), "invalid number 'x'").empty());
    CHECK(bad(mark(kNat + kFour, "0"), "virtual server fwmark 0 is no mark").empty());
    CHECK(bad(mark(kNat), "Virtual server FWM 5 has no real servers - ignoring").empty());
}

TEST_CASE("the family of a mark comes from what is written first") {
    CHECK(good(mark(kNat + kSix)).family == Family::ipv6);
    CHECK(good(mark(kTunnel + kFour + kSix)).family == Family::ipv4);
    CHECK(good(mark(kTunnel + kSix)).family == Family::ipv6);
    CHECK(good(mark(kTunnel + kSix + "sorry_server 192.0.2.1\n")).family == Family::ipv4);
    CHECK(good(mark(kTunnel + kFour + "ip_family inet6\n")).family == Family::ipv6);
    CHECK(good(mark(kTunnel + kFour + "persistence_granularity 64\n")).family == Family::ipv6);
    CHECK(good(mark(kNat + kFour + "sorry_server ::9\nsorry_server_lvs_method TUN\n")).family == Family::ipv4);
    CHECK(good(mark(kTunnel + kFour + "sorry_server ::9\nsorry_server_lvs_method NAT\n")).family == Family::ipv6);
    CHECK(bad(mark(kNat + kFour + kSix), "real server ::2 don't match").at(0).real_servers.size() == 1);
    CHECK(bad(mark(kNat + kFour + "ip_family inet6\n"), "family inet6 conflicts").at(0).family == Family::ipv4);
    CHECK(bad(mark(kNat + "persistence_granularity 64\n" + kFour), "has no real servers").empty());
    CHECK(bad(mark(kNat + "persistence_granularity x.y\n" + kSix), "Invalid IPv4 persistence_granularity").size() == 1);
    CHECK(bad(mark(kNat + "persistence_granularity x\n" + kFour), "invalid number 'x'").size() == 1);
    CHECK_FALSE(bad(mark(kNat + kFour + "sorry_server ::9\n"), "sorry server ::9 don't match").at(0).sorry_server);
}

TEST_CASE("what a mark cannot have") {
    CHECK(bad(mark(kNat + "protocol TCP\n" + kFour),
              "Warning: Virtual server FWM 5: protocol specified for fwmark - protocol will be ignored")
              .at(0)
              .protocol == ipvs::Protocol::none);
    CHECK_FALSE(bad(mark(kNat + "ha_suspend\n" + kFour), "cannot use ha_suspend with fwmarks").at(0).ha_suspend);
    CHECK(bad(mark("lvs_method DR\nreal_server 192.0.2.2 80 {\n}\n"),
              "WARNING - fwmark virtual server FWM 5, real server [192.0.2.2]:none:80 has port specified - clearing")
              .at(0)
              .real_servers.at(0)
              .port == 0);
    CHECK(bad(mark("lvs_method DR\nsorry_server 192.0.2.9 80\n" + kFour),
              "WARNING - virtual server FWM 5, sorry server has port specified - clearing")
              .at(0)
              .sorry_server->port == 0);
    CHECK(good(mark(kNat + "sorry_server 192.0.2.9 80\n" + kFour)).sorry_server->port == 80);
}
