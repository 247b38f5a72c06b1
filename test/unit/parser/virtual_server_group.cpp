#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using Family = core::Address::Family;

namespace {

std::string group(const std::string& entries, std::string_view name = "farm") {
    return fmt::format("virtual_server_group {} {{\n{}\n}}\n", name, entries);
}

std::string user(const std::string& statements, const std::string& real_server = "192.0.2.2 80",
                 std::string_view name = "farm") {
    return fmt::format("virtual_server group {} {{\nlvs_sched rr\n{}\nreal_server {} {{\n}}\n}}\n", name, statements,
                       real_server);
}

const std::string kNat = "lvs_method NAT\nprotocol TCP";
const std::string kDirect = "lvs_method DR\nprotocol TCP";

/// What a test complains of; what is not supported yet is none of it.
std::string complaints(const Outcome& outcome) {
    std::string text;
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
        if (diagnostic.severity == Severity::error) {
            text += diagnostic.message + '\n';
        }
    }
    return text;
}

Config good(const std::string& text) {
    Outcome outcome = test::test_text(text);
    INFO(text);
    CHECK(complaints(outcome).empty());
    CHECK(outcome.test_status == 0);
    return std::move(outcome.config);
}

Config bad(const std::string& text, const std::string& message) {
    Outcome outcome = test::test_text(text);
    INFO(text);
    CHECK(complaints(outcome) == message + "\n");
    CHECK(outcome.test_status == 5);
    return std::move(outcome.config);
}

/// Dropped with no more than a word for the log.
void dropped(const std::string& text, std::string_view notice) {
    const Outcome outcome = test::test_text(text);
    INFO(text);
    CHECK(outcome.test_status == 0);
    CHECK(outcome.config.ipvs.virtual_servers.empty());
    CHECK(test::headlines(outcome).find(notice) != std::string::npos);
}

}  // namespace

TEST_CASE("entries of a group") {
    const Config config = good(group(
        "192.0.2.1\n192.0.2.1 80 more\n192.0.2.5-9 0\n192.0.2.0/24 \"\"\n2001:db8::1-f 81\nfwmark 4294967295 inet\n"
        "fwmark 0 inet6 more"));
    REQUIRE(config.ipvs.groups.size() == 1);
    const ipvs::Group& farm = config.ipvs.groups[0];
    CHECK(farm.name == "farm");
    REQUIRE(farm.ranges.size() == 5);
    const auto address = [](const char* text) { return core::Address::parse(text).value(); };
    CHECK(farm.ranges[1] == ipvs::AddressRange{address("192.0.2.1"), address("192.0.2.1"), 80});
    CHECK(farm.ranges[2] == ipvs::AddressRange{address("192.0.2.5"), address("192.0.2.9"), 0});
    CHECK(farm.ranges[4] == ipvs::AddressRange{address("2001:db8::1"), address("2001:db8::f"), 81});
    CHECK(farm.marks == std::vector<ipvs::Mark>{{4294967295, Family::ipv4}, {0, Family::ipv6}});
}

TEST_CASE("bad entries of a group are left out") {
    const std::pair<const char*, const char*> cases[] = {
        {"192.0.2.1-256 80", "Virtual server group range '192.0.2.1-256' end '256' too large"},
        {"192.0.2.1-5x 80", "Virtual server group range '192.0.2.1-5x' has extra characters at end 'x'"},
        {"192.0.2.5-1 80", "Address range end is not greater than address range start - 192.0.2.5-1 - skipping"},
        {"192.0.2.9-192.0.2.1", "Address range end is less than address range start - 192.0.2.9-192.0.2.1 - skipping"},
        {"192.0.2.1-2001:db8::1 80",
         "Invalid virtual server group IP address 192.0.2.1-2001:db8::1 /port/80 - skipping"},
        {"192.0.2.1 - 5 80", "negative number '-'"},
        {"192.0.2.1/24 80", "Address mask bits not empty - 192.0.2.1/24 - skipping"},
        {"192.0.2.0/33 80", "Invalid netmask - 192.0.2.0/33 - skipping"},
        {"192.0.2.1-5 65536", "number '65536' outside range [1, 65535]"},
        {"fwmark -1", "negative number '-1'"},
        {"fwmark x", "invalid number 'x'"},
        {"fwmark 1 80", "(farm): fwmark '1' family 80 unknown - ignoring"}};
    for (const auto& [entry, message] : cases) {
        const Config config = bad(group(std::string("192.0.2.77\n") + entry), message);
        REQUIRE(config.ipvs.groups.size() == 1);
        CHECK(config.ipvs.groups[0].ranges.size() == 1);
        CHECK(config.ipvs.groups[0].marks.empty());
    }
}

TEST_CASE("what ends the reading of a group") {
    CHECK(test::status("virtual_server_group {\n192.0.2.1\n}\n") == 2);
    CHECK(test::status("virtual_server_group a b {\n192.0.2.1\n}\n") == 2);
    CHECK(test::status(group("fwmark")) == 2);
    CHECK(test::status("virtual_server group {\n}\n") == 2);
    CHECK(test::status("virtual_server fwmark {\n}\n") == 2);
}

TEST_CASE("groups that are of no use") {
    CHECK(bad(group(""), "virtual server group farm has no entries - removing").ipvs.groups.empty());
    const std::string mixed = "virtual server group farm cannot have IPv4, IPv6 and fwmark without family - removing";
    CHECK(bad(group("192.0.2.1\n::1\nfwmark 5"), mixed).ipvs.groups.empty());
    CHECK(bad(group("fwmark 3 inet\nfwmark 4 inet6\nfwmark 5"), mixed).ipvs.groups.empty());
    CHECK(good(group("192.0.2.1\n::1\nfwmark 5 inet")).ipvs.groups.size() == 1);
}

TEST_CASE("virtual servers find their group, be it before or after them") {
    const std::string plain =
        "virtual_server 192.0.2.9 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n"
        "real_server 192.0.2.2 80 {\n}\n}\n";
    const Config config =
        good(group("192.0.2.1 80", "other") + user(kNat) + user(kNat, "192.0.2.3 80", "other") + plain +
             user(kNat, "192.0.2.4 80") + group("192.0.2.1 80") + group("fwmark 3") + user(kNat, "192.0.2.5 80"));
    const auto& servers = config.ipvs.virtual_servers;
    REQUIRE(servers.size() == 5);
    CHECK(servers[0].selector == ipvs::Selector::group);
    CHECK(servers[0].group == 1);
    CHECK(servers[0].ordinal == 0);
    CHECK(servers[0].family == Family::ipv4);
    CHECK(servers[1].group == 0);
    CHECK(servers[2].selector == ipvs::Selector::address);
    CHECK(servers[3].ordinal == 1);
    CHECK(servers[3].real_servers[0].address == core::Address::parse("192.0.2.4"));
    CHECK(servers[4].group == 1);  // of two with one name, the first one
    CHECK(servers[4].ordinal == 2);
}

TEST_CASE("virtual servers that cannot be for their group leave with a line in the log") {
    dropped(user(kNat), "there is no virtual server group farm - ignoring");
    dropped(group("::1 80") + user(kNat), "address family does not match");
    dropped(group("192.0.2.1 80\n::1 80") + user(kNat), "has both IPv4 and IPv6 entries");
    dropped("virtual_server group farm {\nquorum_up /bin/true\n}\n", "there is no virtual server group farm");
    const Config tunnels = good(group("192.0.2.1 80\n::1 80") + user("lvs_method TUN\nprotocol TCP"));
    REQUIRE(tunnels.ipvs.virtual_servers.size() == 1);
    CHECK_FALSE(tunnels.ipvs.virtual_servers[0].family.has_value());
    const Config six = good(group("fwmark 3 inet6") + user("lvs_method TUN", "192.0.2.2"));
    CHECK(six.ipvs.virtual_servers.at(0).family == Family::ipv6);
    (void)bad(group("fwmark 3") + "virtual_server group farm {\n}\n",
              "Virtual server [farm]:0 has no real servers - ignoring");
}

TEST_CASE("protocol and persistence of a group") {
    const std::string nat = "lvs_method NAT";
    CHECK(bad(group("192.0.2.1 80") + user(nat), "Virtual server [farm]:0: no protocol set - defaulting to UDP")
              .ipvs.virtual_servers.at(0)
              .protocol == ipvs::Protocol::udp);
    CHECK(bad(group("fwmark 3") + user(kNat),
              "Warning: Virtual server [farm]:0: protocol specified for fwmark - protocol will be ignored")
              .ipvs.virtual_servers.at(0)
              .protocol == ipvs::Protocol::none);
    CHECK(good(group("fwmark 3") + user(nat + "\nops")).ipvs.virtual_servers.at(0).flags == 4);
    CHECK(good(group("fwmark 3\n192.0.2.1 80") + user(kNat)).ipvs.virtual_servers.at(0).protocol ==
          ipvs::Protocol::tcp);
    CHECK(bad(group("192.0.2.1 80\n192.0.2.1-5") + user(kNat),
              "Virtual server [farm]:0: zero port only valid for persistent services - setting")
              .ipvs.virtual_servers.at(0)
              .persistence_timeout == 360);
    CHECK_FALSE(bad(group("fwmark 3\n192.0.2.1 80") + user(kNat + "\nha_suspend"),
                    "Virtual server [farm]:0: cannot use ha_suspend with fwmarks - clearing ha_suspend")
                    .ipvs.virtual_servers.at(0)
                    .ha_suspend);
    CHECK(good(group("192.0.2.1 80") + user(kNat + "\nha_suspend")).ipvs.virtual_servers.at(0).ha_suspend);
}

TEST_CASE("ports of a group and of its servers") {
    const std::string ports = "192.0.2.1 80\n192.0.2.3 80\n192.0.2.4 81\n192.0.2.5 82";
    (void)good(group("192.0.2.1 80") + user(kDirect));
    (void)good(group(ports) + user(kNat));
    (void)good(group(ports) + user(kDirect, "192.0.2.2"));
    CHECK(bad(group(ports) + user(kDirect),
              "virtual server [farm]:0:[192.0.2.4,81] and real server [192.0.2.2]:tcp:80 ports don't match")
              .ipvs.virtual_servers.at(0)
              .real_servers[0]
              .port == 80);
    (void)bad(group(ports) + user(kDirect, "192.0.2.2 99"),
              "virtual server [farm]:0:[192.0.2.1,80] and real server [192.0.2.2]:tcp:99 ports don't match");
    (void)bad(
        group("fwmark 3") + user("lvs_method DR"),
        "WARNING - fwmark virtual server [farm]:0, real server [192.0.2.2]:none:80 has port specified - port will be "
        "ignored");
    (void)bad(group("fwmark 3") + user("lvs_method DR\nsorry_server 192.0.2.9 80", "192.0.2.2"),
              "WARNING - fwmark virtual server [farm]:0, sorry server has port specified - port will be ignored");
    (void)bad(group("192.0.2.1 80") + user(kDirect + "\nsorry_server 192.0.2.9 81"),
              "WARNING - virtual server [farm]:0, sorry server has port specified - port will be ignored");
    (void)good(group("192.0.2.1 80") + user(kDirect + "\nsorry_server 192.0.2.9 80"));
}
