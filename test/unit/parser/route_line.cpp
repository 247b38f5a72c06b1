// Routes and what a mistake in one costs (spec/routes-rules.md section 3).
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using vrrp::Encapsulation;
using vrrp::Route;
using vrrp::RouteMetric;

namespace {

struct Machine final : public Environment {
    [[nodiscard]] bool interface_exists(const std::string& name) const override {
        return name == "eth0" || name == "eth1" || name == "red";
    }
    [[nodiscard]] Interface interface(const std::string& name) const override {
        Interface result;
        if (name == "red") {
            result.vrf_table = 1001;
        }
        return result;
    }
};

Outcome outcome_of(std::string_view line) {
    return test::test_text(
        fmt::format(
            "track_group G {{\n group {{\n V\n }}\n}}\nstatic_routes {{\n{}\n}}\nvrrp_instance V {{\n interface "
            "eth0\n virtual_router_id 1\n virtual_ipaddress {{\n  192.0.2.1\n }}\n}}\n",
            line),
        Machine());
}

/// A line without fault.
Route good(std::string_view line) {
    const Outcome outcome = outcome_of(line);
    INFO(line << '\n' << test::headlines(outcome));
    CHECK(outcome.test_status == 0);
    REQUIRE(outcome.config.vrrp.static_routes.size() == 1);
    return outcome.config.vrrp.static_routes[0];
}

/// A line with a fault that is reported; the route is kept if there is one.
std::vector<Route> bad(std::string_view line, std::string_view message, int status = 5) {
    const Outcome outcome = outcome_of(line);
    const std::string text = test::headlines(outcome);
    INFO(line << '\n' << text);
    CHECK(outcome.test_status == status);
    CHECK(text.find(message) != std::string::npos);
    return outcome.config.vrrp.static_routes;
}

bool dropped(std::string_view line, std::string_view message) {
    return bad(line, message).empty();
}

core::Address address(std::string_view text) {
    return core::Address::parse(text).value();
}

}  // namespace

TEST_CASE("destinations of a route") {
    CHECK(good("10.0.0.0/8 dev eth0").destination == core::Prefix{address("10.0.0.0"), 8});
    CHECK(good("to 2001:db8::/32 dev eth0").destination == core::Prefix{address("2001:db8::"), 32});
    CHECK(good("default via 192.0.2.1").destination == core::Prefix{address("0.0.0.0"), 0});
    CHECK(good("any via fe80::1 dev eth0").destination == core::Prefix{address("::"), 0});
    CHECK(good("default6 dev eth0").destination == core::Prefix{address("::"), 0});
    CHECK(good("default 10.0.0.0/8").destination.length == 8);

    CHECK(good("10.0.0.0/8").type == std::nullopt);
    CHECK(good("blackhole default").type == 6);
    CHECK(good("0x5 default").type == 5);
    CHECK(good("brd 10.255.255.255").type == 3);

    CHECK(dropped("dev eth0", "Route must have a destination"));
    CHECK(dropped("10.0.0.300", "unknown route keyword 10.0.0.300"));
    CHECK(dropped("to blackhole 10.0.0.0/8", "unknown route keyword blackhole"));
    CHECK(dropped("256 default", "unknown route keyword 256"));
    CHECK(dropped("10.0.0.0/8 default", "Cannot mix IPv4 and IPv6 addresses for route (default)"));
    CHECK(dropped("via 192.0.2.1 default", "Cannot mix IPv4 and IPv6"));
    CHECK(bad("10.0.0.0/33 dev eth0", "outside range [0, 32]").at(0).destination.length == 32);
    CHECK(bad("unicast", "missing a parameter after keyword `unicast` at word position 2", 2).empty());
}

TEST_CASE("inet and inet6 swallow the next word") {
    CHECK(good("10.1.0.0/16 dev eth0 inet").destination.length == 16);
    CHECK(good("2001:db8::/32 inet6 X via fe80::1 dev eth0").gateway == address("fe80::1"));
    CHECK(good("default inet6 X").destination.address.is_ipv6());
    CHECK(dropped("inet6 default via fe80::1 dev eth0", "Route must have a destination"));
    CHECK(dropped("10.0.0.0/8 inet6 X", "inet6 specified for IPv4 route"));
}

TEST_CASE("what goes with the destination") {
    const Route route = good(
        "10.0.0.0/8 via inet 192.0.2.254 src 192.0.2.7 dev eth0 onlink table 0x10 scope link tos 16 metric 5 realms "
        "1/2 append no_track protocol static ttl-propagate enabled");
    CHECK(route.gateway == address("192.0.2.254"));
    CHECK(route.preferred_source == address("192.0.2.7"));
    CHECK(route.device == "eth0");
    CHECK(route.onlink);
    CHECK(route.table == 16);
    CHECK(route.scope == 253);
    CHECK(route.tos == 16);
    CHECK(route.metric == 5);
    CHECK(route.realms == 0x10002);
    CHECK(route.position == Route::Position::append);
    CHECK_FALSE(route.track);
    CHECK(route.protocol == 4);
    CHECK(route.propagate_ttl == true);

    const Route ipv6 = good("2001:db8::/32 from 2001:db8:1::/48 expires 60 pref low dev eth1 vrf red");
    CHECK(ipv6.source == core::Prefix{address("2001:db8:1::"), 48});
    CHECK(ipv6.expires == 60);
    CHECK(ipv6.preference == 3);
    CHECK(ipv6.vrf == "red");
    CHECK(ipv6.table == 1001);

    CHECK(good("default table -1").table == 4294967295);
    CHECK(bad("default gw 192.0.2.1", "deprecated").at(0).gateway == address("192.0.2.1"));
    CHECK(bad("default protocol static", "resetting protocol").at(0).protocol == 18);
    CHECK(bad("default ttl-propagate x", "not recognised").at(0).propagate_ttl == false);
    CHECK(bad("default as to 192.0.2.1", "for MPLS only").size() == 1);

    CHECK(dropped("10.0.0.0/8 src ::1", "Cannot mix IPv4 and IPv6"));
    CHECK(dropped("10.0.0.0/8 from 192.0.2.1", "only supported with IPv6"));
    CHECK(dropped("2001:db8::/32 from default", "only supported with IPv6 (default)"));
    CHECK(dropped("10.0.0.0/8 expires 3", "expires is only valid for IPv6"));
    CHECK(dropped("10.0.0.0/8 pref", "pref is only valid for IPv6"));
    CHECK(dropped("2001:db8::/32 realms 3", "realms are only valid for IPv4"));
    CHECK(dropped("default table nonesuch", "Routing table nonesuch not found for route"));
    CHECK(dropped("default table \"\"", "not found"));
    CHECK(dropped("default scope 256", "Scope 256 not found or invalid"));
    CHECK(dropped("default metric 0x10", "invalid number '0x10'"));
    CHECK(dropped("default vrf eth0", "Route specified VRF eth0 is not a VRF"));
    CHECK(dropped("default vrf blue", "VRF blue not found for route"));
    CHECK(bad("default dev nonesuch", "interface nonesuch for VROUTE nexthop doesn't exist").size() == 1);
    CHECK(bad("default table", "missing a parameter after keyword `table` at word position 3", 2).empty());
    CHECK(bad("2001:db8::/32 realms", "missing a parameter after keyword `realms`", 2).empty());
    CHECK(bad("2001:db8::/32 nexthop via ::1 realms", "missing a parameter after keyword `realms`", 2).size() == 1);
    CHECK(bad("10.0.0.0/8 encap nonesuch table", "Unknown encap type - nonesuch").size() == 1);
}

TEST_CASE("names that another machine may know are of the class environment") {
    const auto kind = [](std::string_view line) {
        const Outcome outcome = outcome_of(line);
        const auto error = std::ranges::find(outcome.diagnostics, Severity::error, &Diagnostic::severity);
        REQUIRE(error != outcome.diagnostics.end());
        return error->kind;
    };
    CHECK(kind("default table nonesuch") == Class::environment);
    CHECK(kind("default scope nonesuch") == Class::environment);
    CHECK(kind("default realms nonesuch/3") == Class::environment);
    CHECK(kind("default scope 256") == Class::meaning);
    CHECK(kind("default table \"\"") == Class::meaning);
}

TEST_CASE("metrics of a route") {
    const Route route = good(
        "default mtu lock 1400 window 5 rtt 1.5s rttvar lock 500ms rto_min 200msec hoplimit 255 features ecn quickack "
        "1 "
        "congctl lock reno mtu 1500");
    using Kind = RouteMetric::Kind;
    CHECK(route.metrics == std::vector<RouteMetric>{{Kind::mtu, true, 1500},
                                                    {Kind::window, false, 5},
                                                    {Kind::rtt, false, 12000},
                                                    {Kind::rttvar, true, 2000},
                                                    {Kind::rto_min, false, 200},
                                                    {Kind::hoplimit, false, 255},
                                                    {Kind::features, false, 1},
                                                    {Kind::quickack, false, 1},
                                                    {Kind::congestion_control, true, 0}});
    CHECK(route.congestion_control == "reno");

    CHECK(bad("default rtt 199ms", "rtt value 199ms below minimum 200ms, resetting").at(0).metrics.at(0).value == 1600);
    CHECK(bad("default rto_min 121s", "above maximum 120s").at(0).metrics.at(0).value == 120000);
    CHECK(bad("default rtt 1.2345s", "too many decimal places").at(0).metrics.at(0).value == 9880);
    CHECK(bad("default features sack", "feature sack not supported").at(0).metrics.empty());
    CHECK(dropped("default rtt 1e3", "rtt value exponential form 1e3 no longer supported"));
    CHECK(dropped("default rtt 10us", "invalid number '10u'"));
    CHECK(dropped("default rtt s", "Invalid rtt s for route"));
    CHECK(dropped("default window lock 5", "invalid number 'lock'"));
    CHECK(dropped("default quickack 2", "outside range [0, 1]"));
    CHECK(bad("default mtu lock", "after keyword `lock` at word position 4", 2).empty());
}

TEST_CASE("encapsulation of a route") {
    CHECK(good("default encap mpls 16/0x20").encapsulation->labels == std::vector<std::uint32_t>{16, 32});
    CHECK(good("default encap ila 1:2:3:ffff").encapsulation->locator == 0x000100020003ffff);
    const Route route = good("default encap ip id 7 dst 192.0.2.1 tos 4 ttl 64 flags 1 mtu 1400");
    CHECK(route.encapsulation->id == 7);
    CHECK(route.encapsulation->destination == address("192.0.2.1"));
    CHECK(route.encapsulation->traffic_class == 4);
    CHECK(route.encapsulation->hop_limit == 64);
    CHECK(route.encapsulation->flags == 1);
    CHECK(route.metrics.size() == 1);

    // a fault leaves the encapsulation half read, and the route as it is, if what follows makes sense
    CHECK(bad("default encap vxlan", "Unknown encap type - vxlan").at(0).encapsulation->type ==
          Encapsulation::Type::none);
    CHECK(bad("default encap ip tos 4", "address or id missing for ip encapsulation").size() == 1);
    CHECK(bad("default encap mpls 1/2/3", "invalid mpls address 1/2/3").size() == 1);
    CHECK(dropped("default encap ip dst ::1", "unknown route keyword dst"));
    CHECK(dropped("default encap ip id 1 ttl 256", "unknown route keyword ttl"));
}

TEST_CASE("next hops") {
    const Route route = good(
        "10.0.0.0/8 nexthop via 192.0.2.1 dev eth0 weight 256 onlink realms 4 nexthop via 192.0.2.2 encap ip id 1 "
        "weight 2 nexthop");
    REQUIRE(route.next_hops.size() == 3);
    CHECK(route.next_hops[0].gateway == address("192.0.2.1"));
    CHECK(route.next_hops[0].device == "eth0");
    CHECK(route.next_hops[0].weight == 256);
    CHECK(route.next_hops[0].onlink);
    CHECK(route.next_hops[0].realms == 4);
    CHECK(route.next_hops[1].encapsulation->id == 1);
    CHECK(route.next_hops[1].weight == 2);
    CHECK(route.next_hops[2] == vrrp::NextHop());
    CHECK(good("default nexthop via fe80::1 dev eth0").destination.address.is_ipv6());

    std::string many = "10.0.0.0/8";  // ten abort keepalived
    for (int i = 1; i <= 40; ++i) {
        many += fmt::format(" nexthop via 192.0.2.{}", i);
    }
    CHECK(good(many).next_hops.size() == 40);

    // a bad hop costs those behind it, not the route
    CHECK(bad("10.0.0.0/8 nexthop via 192.0.2.1 nexthop via x nexthop via 192.0.2.3", "invalid nexthop address x")
              .at(0)
              .next_hops.size() == 1);
    CHECK(bad("10.0.0.0/8 nexthop via fe80::1", "Address family mismatch for next hop").at(0).next_hops.empty());
    CHECK(bad("10.0.0.0/8 nexthop weight 257", "outside range").at(0).next_hops.empty());
    const auto tracked =
        bad("10.0.0.0/8 nexthop via 192.0.2.1 no_track", "trailing nonsense after nexthops - no_track");
    CHECK(tracked.at(0).next_hops.size() == 1);
    CHECK(tracked.at(0).track);

    const Route both = bad("10.0.0.0/8 via 192.0.2.1 or 192.0.2.2 dev eth0", "\"or\" for routes is deprecated").at(0);
    CHECK(both.gateway == std::nullopt);
    REQUIRE(both.next_hops.size() == 2);
    CHECK(both.next_hops[0].gateway == address("192.0.2.1"));
    CHECK(both.next_hops[1].gateway == address("192.0.2.2"));
    CHECK(dropped("10.0.0.0/8 or 192.0.2.2 nexthop via 192.0.2.3", "Cannot specify nexthops with \"or\" route"));
}

TEST_CASE("track groups of static routes") {
    CHECK(good("10.0.0.0/8 dev eth0 track_group G").track_group == "G");
    CHECK(bad("10.0.0.0/8 dev eth0 track_group H", "track_group H not found").at(0).track_group.empty());
    CHECK(bad("10.0.0.0/8 track_group G", "if no oif specified").at(0).track_group.empty());
    CHECK(dropped("10.0.0.0/8 dev eth0 track_group G track_group G", "track_group G is a duplicate"));

    const Outcome outcome = test::test_text(
        "track_group G {\n group {\n V\n }\n}\nvrrp_instance V {\n interface eth0\n virtual_router_id 1\n "
        "virtual_ipaddress {\n  192.0.2.1\n }\n virtual_routes {\n  10.0.0.0/8 dev eth0\n  10.1.0.0/16 dev eth0 "
        "track_group G\n }\n}\n",
        Machine());
    CHECK(test::headlines(outcome).find("unknown route keyword track_group") != std::string::npos);
    REQUIRE(outcome.config.vrrp.instances.size() == 1);
    CHECK(outcome.config.vrrp.instances[0].routes.size() == 1);
}
