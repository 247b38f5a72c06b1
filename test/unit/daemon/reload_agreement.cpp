// The parent's pools and the checker child carry verdicts over a reload each for itself. A check reports only what is
// new to it: were the parent to think otherwise of what the child takes for known, a dead server would stay in.
#include <catch2/catch.hpp>

#include <string>

#include "checker/migrate.hpp"
#include "ipvs/pools.hpp"
#include "parser/loader.hpp"

using namespace sustain;

namespace {

class AnyMachine final : public parser::Environment {
public:
    [[nodiscard]] bool interface_exists(const std::string& /*name*/) const override { return true; }
};

/// The expanded form has each brace on a line of its own.
parser::Config parsed(std::string text) {
    for (auto brace = text.find(" {"); brace != std::string::npos; brace = text.find(" {", brace)) {
        text[brace] = '\n';
    }
    return parser::Loader::from_expanded(std::move(text), AnyMachine()).finish().config;
}

std::string real_server(const std::string& place, const std::string& checks) {
    return "real_server " + place + " {\n" + checks + "}\n";
}

std::string service(const std::string& line, const std::string& method, const std::string& servers) {
    return "virtual_server " + line + " {\nprotocol TCP\nlvs_sched rr\nlvs_method " + method + "\n" + servers + "}\n";
}

const std::string kCheck = "TCP_CHECK {\n}\n";
const std::string kAlpha = "TCP_CHECK {\nalpha\n}\n";
const std::string kOther = "TCP_CHECK {\nconnect_port 99\n}\n";

void check_agreement(const std::string& before_text, const std::string& after_text) {
    const parser::Config before = parsed(before_text);
    const parser::Config after = parsed(after_text);
    const std::size_t count = before.checker.checks.size();
    INFO(before_text);
    REQUIRE(count > 0);
    // Each check has gone up (1), down (2), or has had no result yet (0).
    std::size_t patterns = 1;
    for (std::size_t check = 0; check < count; ++check) {
        patterns *= 3;
    }
    for (std::size_t pattern = 0; pattern < patterns; ++pattern) {
        ipvs::Pools pools(before.ipvs, 1);
        (void)pools.evaluate();
        std::vector<checker::Verdict> verdicts;
        std::size_t rest = pattern;
        for (std::uint32_t check = 0; check < count; ++check, rest /= 3) {
            verdicts.push_back(rest % 3 == 0 ? checker::Verdict::at_start(before.checker.checks[check])
                                             : checker::Verdict::known(rest % 3 == 1));
            if (rest % 3 != 0) {
                (void)pools.verdict(1, check, rest % 3 == 1);
            }
        }
        (void)pools.reload(after.ipvs, 2);
        const auto migrated = checker::migrate(before.checker, verdicts, after.checker);
        REQUIRE(migrated.size() == after.checker.checks.size());
        for (std::uint32_t check = 0; check < migrated.size(); ++check) {
            const auto place = pools.find(2, check);
            REQUIRE(place.has_value());
            INFO("check " << check << ", pattern " << pattern << '\n' << before_text << "---\n" << after_text);
            if (migrated[check].has_run()) {
                CHECK(pools.all()[place->pool].check_up(place->server, place->check) == migrated[check].up());
            }
        }
    }
}

void check_agreement_both_ways(const std::string& one, const std::string& other) {
    check_agreement(one, other);
    check_agreement(other, one);
    check_agreement(one, one);
}

}  // namespace

TEST_CASE("parent and checker agree on what a reload carries over") {
    const std::string address = "192.0.2.1 80";
    const std::string one = real_server("192.0.2.11 80", kCheck);
    const std::string two = real_server("192.0.2.12 80", kCheck + kOther);

    SECTION("a virtual server that is written twice") {
        check_agreement_both_ways(service(address, "NAT", one),
                                  service(address, "NAT", one) + service(address, "NAT", one));
        check_agreement_both_ways(service(address, "NAT", one) + service(address, "NAT", two),
                                  service(address, "NAT", two) + service(address, "NAT", one));
    }
    SECTION("two spellings of one address") {
        const std::string server = real_server("2001:db8::11 80", kCheck);
        check_agreement_both_ways(
            service("2001:db8::1 80", "DR", server),
            service("2001:db8::1 80", "DR", server) + service("2001:db8:0:0::1 80", "DR", server));
    }
    SECTION("real servers whose ports are reset to one") {
        const std::string other_port = real_server("192.0.2.11 81", kCheck);
        check_agreement_both_ways(service(address, "DR", one + other_port), service(address, "DR", other_port + one));
        check_agreement_both_ways(service(address, "DR", one + other_port), service(address, "DR", other_port));
        check_agreement_both_ways(service("fwmark 7", "DR", one + other_port), service("fwmark 7", "DR", one));
    }
    SECTION("a mark in both families") {
        const std::string ipv4 = service("fwmark 7", "TUN", "ip_family inet\n" + one);
        const std::string ipv6 = service("fwmark 7", "TUN", "ip_family inet6\n" + one);
        check_agreement_both_ways(ipv4 + ipv6, ipv6);
        check_agreement_both_ways(ipv4, ipv6);
    }
    SECTION("equal checks of one real server") {
        const std::string twice = real_server("192.0.2.11 80", kCheck + kCheck);
        const std::string other = real_server("192.0.2.11 80", kOther + kCheck + kAlpha);
        check_agreement_both_ways(service(address, "NAT", one), service(address, "NAT", twice));
        check_agreement_both_ways(service(address, "NAT", twice), service(address, "NAT", other));
    }
    SECTION("groups") {
        const std::string group = "virtual_server_group G {\n192.0.2.1 80\n}\n";
        check_agreement_both_ways(group + service("group G", "NAT", one) + service("group G", "NAT", two),
                                  group + service("group G", "NAT", two) + service(address, "NAT", one));
        check_agreement_both_ways(service("group G", "NAT", one) + service(address, "NAT", one) + group,
                                  group + service(address, "NAT", one) + service("group G", "NAT", one));
    }
    SECTION("protocol, method and port change") {
        std::string udp = service(address, "NAT", one);
        udp.replace(udp.find("TCP"), 3, "UDP");
        check_agreement_both_ways(service(address, "NAT", one), udp);
        check_agreement_both_ways(service(address, "NAT", real_server("192.0.2.11", kCheck)),
                                  service(address, "DR", one));
    }
}
