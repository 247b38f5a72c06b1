#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using namespace std::chrono_literals;

namespace {

const std::string kUsual = "protocol TCP\nlvs_sched rr\nlvs_method DR\n";

/// What a virtual server for a mark needs.
const std::string kMark = "lvs_sched rr\nlvs_method NAT\nreal_server 192.0.2.2 80 {\n}\n";

std::string server(const std::string& statements, std::string_view real_server = "",
                   std::string_view name = "192.0.2.1 80") {
    return fmt::format("virtual_server {} {{\n{}real_server 192.0.2.2 80 {{\n{}\n}}\n}}\n", name, statements,
                       real_server);
}

std::string checked(std::string_view statements) {
    return fmt::format("TCP_CHECK {{\n{}\n}}", statements);
}

Config good(const std::string& text) {
    Outcome outcome = test::test_text(text);
    INFO(text << '\n' << test::headlines(outcome));
    CHECK(outcome.diagnostics.empty());
    CHECK(outcome.test_status == 0);
    REQUIRE(outcome.config.ipvs.virtual_servers.size() == 1);
    return std::move(outcome.config);
}

Config bad(const std::string& text, std::string_view message) {
    Outcome outcome = test::test_text(text);
    INFO(text << '\n' << test::headlines(outcome));
    CHECK(outcome.test_status == 5);
    CHECK_FALSE(test::fatal_status(outcome).has_value());
    CHECK(test::headlines(outcome).find(message) != std::string::npos);
    REQUIRE(outcome.config.ipvs.virtual_servers.size() == 1);
    return std::move(outcome.config);
}

ipvs::VirtualServer good_server(const std::string& statements, std::string_view name = "192.0.2.1 80") {
    return good(server(kUsual + statements, "", name)).ipvs.virtual_servers[0];
}

ipvs::VirtualServer bad_server(const std::string& statements, std::string_view message) {
    return bad(server(statements), message).ipvs.virtual_servers[0];
}

checker::Check good_check(const std::string& statements, std::string_view check, std::string_view real_server = "") {
    return good(server(kUsual + statements, std::string(real_server) + "\n" + checked(check))).checker.checks.at(0);
}

}  // namespace

TEST_CASE("statements of a virtual server") {
    for (const auto* const name :
         {"rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos"}) {
        CHECK(good_server(fmt::format("lb_algo {}\n", name)).scheduler == name);
    }
    CHECK(good_server("protocol udp\n").protocol == ipvs::Protocol::udp);
    CHECK(good_server("protocol SCTP\n").protocol == ipvs::Protocol::sctp);
    CHECK(good_server("lb_kind NAT\n").real_servers[0].forwarding == ipvs::Forwarding::nat);
    CHECK(good_server("lb_kind TUN\n").real_servers[0].forwarding == ipvs::Forwarding::tunnel);
    CHECK(good_server("lb_kind TUN type ipip nocsum\n").real_servers[0].forwarding == ipvs::Forwarding::tunnel);
    CHECK(good_server("persistence_timeout\n").persistence_timeout == 360);
    CHECK(good_server("persistence_granularity 255.255.255.0\n").persistence_granularity == 0xffffff00);
    CHECK(good_server("persistence_granularity 255.255.255.0\n").persistence_timeout == 360);
    CHECK(good_server("persistence_granularity 24\n").persistence_granularity == 0xffffff00);  // not 0.0.0.24
    CHECK(good_server("persistence_granularity 32\n").persistence_granularity == 0xffffffff);
    CHECK(good_server("persistence_granularity 1\n").persistence_granularity == 0x80000000);
    CHECK(good_server("persistence_granularity 33\n").persistence_granularity == 33);  // as inet_aton reads it
    CHECK(good_server("persistence_timeout 5\nlvs_method NAT\n", "192.0.2.1").port == 0);
    CHECK(good_server("protocol UDP\nops\nflag-1\nflag-3\n").flags == 0x2c);
    CHECK(good_server("lvs_sched sh\nsh-port\nsh-fallback\nmh-port\nhashed\n").flags == 0x18);
    CHECK(good_server("lvs_sched mh\nsh-port\n").flags == 0);
    CHECK(good_server("weight 7\nquorum 7\nhysteresis 3\n").quorum == 7);
    CHECK(good_server("weight 7\n").real_servers[0].weight == 7);
    CHECK(good_server("inhibit_on_failure\n").real_servers[0].inhibit_on_failure);
    const auto sorry = good_server("sorry_server 192.0.2.9\nsorry_server_inhibit\nsorry_server_lvs_method NAT\n");
    REQUIRE(sorry.sorry_server.has_value());
    CHECK(sorry.sorry_server->port == 0);  // measured: with NAT, no port stays none
    CHECK(good_server("sorry_server 192.0.2.9\n").sorry_server->port == 80);
    CHECK(sorry.sorry_server->inhibit);
    CHECK(sorry.sorry_server->forwarding == ipvs::Forwarding::nat);
    CHECK(sorry.real_servers[0].forwarding == ipvs::Forwarding::direct);
}

TEST_CASE("an IPv6 virtual server") {
    const Config config = good("virtual_server 2001:db8::1 80 {\n" + kUsual +
                               "persistence_granularity 64\nip_family inet6\nreal_server 2001:db8::2 80 {\n"
                               "TCP_CHECK {\n}\n}\n}\n");
    CHECK(config.ipvs.virtual_servers[0].persistence_granularity == 64);
    CHECK(config.checker.checks[0].real_server == "[2001:db8::2]:tcp:80");
}

TEST_CASE("bad statements of a virtual server") {
    CHECK(bad_server(kUsual + "lb_algo foo\n", "Invalid lvs_scheduler 'foo' - ignoring").scheduler == "rr");
    CHECK(bad_server(kUsual + "protocol FOO\n", "Unknown protocol FOO - ignoring").protocol == ipvs::Protocol::tcp);
    (void)bad_server(kUsual + "lb_kind dr\n", "PARSER : unknown [dr] routing method for virtual server.");
    (void)bad_server(kUsual + "ip_family inet6\n", "Virtual server specified family inet6 conflicts");
    (void)bad_server(kUsual + "ip_family foo\n", "unknown address family foo");
    CHECK(bad_server(kUsual + "persistence_timeout 0\n", "outside range [1, 2678400]").persistence_timeout == 0);
    (void)bad_server(kUsual + "persistence_granularity x\n", "Invalid IPv4 persistence_granularity specified - x");
    (void)bad_server(kUsual + "sh-port\n", "sh-port only applies to sh scheduler - ignoring");
    (void)bad_server(kUsual + "retry 0\n", "number '0' outside range [1, 4294967295]");
    CHECK(bad_server(kUsual + "quorum 0\n", "number '0' outside range").quorum == 1);
    (void)bad_server(kUsual + "sorry_server_inhibit\n", "Ignoring sorry_server inhibit used before or without");
    (void)bad_server(kUsual + "sorry_server x\n", "Invalid sorry server IP address x - skipping");
    const std::pair<const char*, const char*> tunnels[] = {
        {"type gue", "gue tunnels require port, otherwise cannot have port."},
        {"type gue port 0", "number '0' outside range [1, 65535]"},
        {"type gre remcsum", "gre tunnels do not support remote checksum option."},
        {"type foo", "Unknown tunnel type foo for virtual server."},
        {"type", "Missing tunnel type for virtual server."},
        {"port 5", "gue tunnels require port, otherwise cannot have port."},
        {"foo", "Invalid tunnel option foo for virtual server."},
        {"type ipip csum", "ipip tunnels do not support checksum option."}};
    for (const auto& [words, message] : tunnels) {
        CHECK(bad_server(kUsual + "lvs_method TUN " + words + "\n", message).real_servers.at(0).forwarding ==
              ipvs::Forwarding::tunnel);
    }
}

TEST_CASE("checks at the end of a virtual server") {
    CHECK(bad_server("lvs_sched rr\nlvs_method NAT\n", "no protocol set - defaulting to UDP").protocol ==
          ipvs::Protocol::udp);
    CHECK(bad_server("protocol TCP\nlvs_method NAT\n", "no scheduler set, setting default 'wlc'").scheduler == "wlc");
    CHECK(bad_server("protocol TCP\nlvs_sched rr\n", "no forwarding method set, setting default NAT")
              .real_servers.at(0)
              .forwarding == ipvs::Forwarding::nat);
    CHECK(bad_server(kUsual + "ops\n", "one packet scheduling requires UDP - resetting").flags == 0);
    CHECK(bad(server("protocol TCP\nlvs_sched rr\nlvs_method NAT\n", "", "192.0.2.1"),
              "zero port only valid for persistent services")
              .ipvs.virtual_servers[0]
              .persistence_timeout == 360);
    CHECK(bad_server(kUsual + "quorum 5\n", "quorum 5 for [192.0.2.1]:tcp:80 exceeds total weight of real servers 1")
              .quorum == 1);
    CHECK(bad_server(kUsual + "hysteresis 7\n", "hysteresis 7 >= quorum 1; setting hysteresis to 0").hysteresis == 0);
    const auto never = bad(server(kUsual, "weight 0"), "setting hysteresis to 4294967295").ipvs.virtual_servers[0];
    CHECK(never.quorum == 0);
    CHECK(never.hysteresis == 4294967295);
    CHECK(bad_server(kUsual + "sorry_server 192.0.2.9 99\n", "and sorry server ports don't match").sorry_server->port ==
          80);
    CHECK_FALSE(bad_server(kUsual + "sorry_server ::1\n", "Address family of virtual server and sorry server ::1")
                    .sorry_server.has_value());
    CHECK_FALSE(bad_server(kUsual + "sorry_server 192.0.2.2 80\nsorry_server_inhibit\n",
                           "matches sorry server, but inhibit setting differs")
                    .sorry_server->inhibit);
    const Outcome none = test::test_text("virtual_server 192.0.2.1 80 {\n}\n");
    CHECK(none.test_status == 5);
    CHECK(none.config.ipvs.virtual_servers.empty());
    CHECK(none.config.has_checker);
}

TEST_CASE("the forwarding method may follow the real servers") {
    const Config late = good(
        "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched rr\nreal_server 192.0.2.2 80 {\n}\n"
        "real_server 192.0.2.3 80 {\nlvs_method NAT\n}\nlvs_method DR\n}\n");
    CHECK(late.ipvs.virtual_servers[0].real_servers[0].forwarding == ipvs::Forwarding::direct);
    CHECK(late.ipvs.virtual_servers[0].real_servers[1].forwarding == ipvs::Forwarding::nat);
}

TEST_CASE("real servers") {
    const auto real = good(server(kUsual, "weight 3\nuthreshold 9\nlthreshold 2\ninhibit_on_failure\nlvs_method TUN"))
                          .ipvs.virtual_servers[0]
                          .real_servers.at(0);
    CHECK(real.weight == 3);
    CHECK(real.upper_threshold == 9);
    CHECK(real.lower_threshold == 2);
    CHECK(real.inhibit_on_failure);
    CHECK(real.forwarding == ipvs::Forwarding::tunnel);
    CHECK(real.checks.empty());
    CHECK_FALSE(good(server(kUsual + "inhibit_on_failure\n", "inhibit_on_failure off"))
                    .ipvs.virtual_servers[0]
                    .real_servers[0]
                    .inhibit_on_failure);
    const auto reset = bad("virtual_server 192.0.2.1 80 {\n" + kUsual +
                               "real_server 192.0.2.2 81 {\nTCP_CHECK {\n}\n}\nreal_server 192.0.2.3 {\n}\n}\n",
                           "virtual server [192.0.2.1]:tcp:80 and real server [192.0.2.2]:tcp:81 ports don't match");
    CHECK(reset.ipvs.virtual_servers[0].real_servers[0].port == 80);
    CHECK(reset.checker.checks[0].identity.endpoint.port == 81);  // as written
    CHECK(reset.ipvs.virtual_servers[0].real_servers[1].port == 80);
    (void)bad(server(kUsual, "lb_kind NAT"), "Unknown keyword 'lb_kind'");
    (void)bad(server(kUsual, "alpha foo"), "Invalid alpha parameter foo");
    (void)bad(server(kUsual, "weight 3000000000"), "outside range [0, 2147483647]");
    const std::string more = "real_server 192.0.2.9x 80 {\nnonsense\n}\n";
    CHECK(bad(server(kUsual + more), "Invalid real server ip address/port 192.0.2.9x/80 - skipping")
              .ipvs.virtual_servers[0]
              .real_servers.size() == 1);
    CHECK(bad(server(kUsual + "real_server ::1 80 {\n}\n"), "Address family of virtual server and real server ::1")
              .ipvs.virtual_servers[0]
              .real_servers.size() == 1);
    CHECK(good(server(kUsual + "real_server ::1 80 {\nlvs_method TUN\n}\n"))
              .ipvs.virtual_servers[0]
              .real_servers.size() == 2);
}

TEST_CASE("a real server that is there already is dropped, and the order stays") {
    std::string servers;
    for (const auto* const name : {"192.0.2.9 80", "192.0.2.8 80", "192.0.2.9 80", "192.0.2.9 81", "192.0.2.2 80"}) {
        servers += fmt::format("real_server {} {{\nlvs_method NAT\n}}\n", name);
    }
    const auto left = bad(server(kUsual + servers), "real server [192.0.2.2]:tcp:80 is duplicated - removing second rs")
                          .ipvs.virtual_servers[0]
                          .real_servers;
    REQUIRE(left.size() == 4);
    CHECK(left[0].address == core::Address::parse("192.0.2.9"));
    CHECK(left[1].address == core::Address::parse("192.0.2.8"));
    CHECK(left[2].port == 81);
    CHECK(left[3].address == core::Address::parse("192.0.2.2"));
}

TEST_CASE("checks inherit from real server and virtual server") {
    const auto plain = good_check("", "");
    CHECK(plain.retry == 1);
    CHECK(plain.delay_before_retry == 1s);
    CHECK(plain.delay_loop == 60s);
    CHECK(plain.warmup == 60s);
    CHECK(plain.identity.connect_timeout == 5s);
    CHECK_FALSE(plain.alpha);
    CHECK(plain.identity.endpoint.address == core::Address::parse("192.0.2.2"));
    const std::string all = "retry 7\ndelay_before_retry 7\ndelay_loop 7\nwarmup 7.5\nconnect_timeout 7\nalpha\n";
    const auto from_server = good_check(all, "");
    CHECK(from_server.retry == 7);
    CHECK(from_server.warmup == 7500ms);
    CHECK(from_server.alpha);
    const auto from_real = good_check(all, "", "retry 8\ndelay_loop 8\nalpha off");
    CHECK(from_real.retry == 8);
    CHECK(from_real.delay_loop == 8s);
    CHECK(from_real.delay_before_retry == 7s);
    CHECK_FALSE(from_real.alpha);
    const auto own = good_check(all, "retry 0\nconnect_timeout 0.5\nwarmup 0\nlog_all_failures", "retry 8");
    CHECK(own.retry == 0);
    CHECK(own.identity.connect_timeout == 500ms);
    CHECK(own.warmup == 0s);
    CHECK(own.log_all_failures);
    CHECK(good_check("delay_loop 9\n", "delay_loop 3").warmup == 3s);
}

TEST_CASE("where a check connects") {
    const auto check = good_check("",
                                  "connect_ip 192.0.2.77\nconnect_port 8080\nbindto 192.0.2.78\nbind_port 99\n"
                                  "bind_if eth1\nfwmark 5");
    CHECK(check.identity.endpoint == checker::Endpoint{.address = *core::Address::parse("192.0.2.77"),
                                                       .port = 8080,
                                                       .bind_address = core::Address::parse("192.0.2.78"),
                                                       .bind_port = 99,
                                                       .bind_interface = "eth1",
                                                       .fwmark = 5});
    CHECK(good_check("", "bind_port 99").identity.endpoint.bind_port == 0);
    const auto wrong = [](std::string_view statements, std::string_view message) {
        return bad(server(kUsual, checked(statements)), message).checker.checks.size();
    };
    CHECK(wrong("connect_ip x", "Invalid connect_ip address x - ignoring") == 1);
    CHECK(wrong("bindto ::1", "bindto address ::1 does not match address family of connect_ip") == 1);
    CHECK(wrong("bindto 192.0.2.3\nconnect_ip ::1", "connect_ip address ::1 does not match address family of bindto") ==
          1);
    CHECK(wrong("connect_ip fe80::1", "Checker link local address fe80::1 requires a bind_if") == 0);
    CHECK(wrong("bind_if 1234567890123456", "Interface name 1234567890123456 is too long - ignoring") == 1);
    CHECK(wrong("connect_port 0", "number '0' outside range [1, 65535]") == 1);
    CHECK(good_check("", "connect_ip fe80::1\nbind_if eth0").identity.endpoint.bind_interface == "eth0");
}

TEST_CASE("the identity of a check says what is compared at a reload") {
    const auto identity = [](std::string_view statements) {
        return good(server(kUsual, checked(statements))).ipvs.virtual_servers[0].real_servers[0].checks.at(0).identity;
    };
    CHECK(identity("") == identity("retry 5\ndelay_loop 3\nalpha"));
    for (const auto* const other : {"connect_port 81", "connect_ip 192.0.2.3", "connect_timeout 6", "bindto 192.0.2.3",
                                    "bind_if eth0", "fwmark 1"}) {
        CHECK(identity("") != identity(other));
    }
    CHECK(identity("bindto 192.0.2.3") != identity("bindto 192.0.2.3\nbind_port 5"));
}

TEST_CASE("what is not there yet is said and left out") {
    const Outcome bfd =
        test::test_text("bfd_instance B {\nneighbor_ip 192.0.2.9\n}\n" + server(kUsual, "BFD_CHECK {\nname B\n}"));
    CHECK(bfd.test_status == 0);
    CHECK(bfd.config.ipvs.virtual_servers.at(0).real_servers.at(0).checks.empty());
    CHECK(test::headlines(bfd).find("BFD_CHECK is not supported yet: the real server is not checked by it and counts "
                                    "as up") != std::string::npos);
}

TEST_CASE("tunnels") {
    using ipvs::TunnelChecksum;
    using ipvs::TunnelType;
    const auto tunnel = [](const std::string& statements, std::string_view real_server = "") {
        return good(server(kUsual + statements + "\n", real_server)).ipvs.virtual_servers[0].real_servers[0].tunnel;
    };
    CHECK(tunnel("lvs_method TUN") == ipvs::Tunnel{});
    CHECK(tunnel("lvs_method TUN type ipip nocsum") == ipvs::Tunnel{});
    CHECK(tunnel("lvs_method TUN type gre csum") == ipvs::Tunnel{TunnelType::gre, TunnelChecksum::plain, 0});
    CHECK(tunnel("lvs_method TUN remcsum port 6080 type gue") ==
          ipvs::Tunnel{TunnelType::gue, TunnelChecksum::remote, 6080});
    CHECK(tunnel("lvs_method DR type gre") == ipvs::Tunnel{});
    CHECK(tunnel("lvs_method TUN type gre", "lvs_method TUN type ipip") == ipvs::Tunnel{});
    // A method of its own takes over none of the words of the virtual server's (measured with keepalived 2.2.7).
    CHECK(tunnel("lvs_method TUN type gre csum") == ipvs::Tunnel{TunnelType::gre, TunnelChecksum::plain, 0});
    CHECK(tunnel("lvs_method TUN type gre csum", "lvs_method TUN") == ipvs::Tunnel{});
    CHECK(tunnel("lvs_method TUN type gue port 9", "lvs_method TUN") == ipvs::Tunnel{});
    CHECK(tunnel("lvs_method TUN type gre csum\nlvs_method TUN") == ipvs::Tunnel{});
    CHECK(bad_server(kUsual + "lvs_method TUN type gre\nlvs_method TUN type gue\n", "gue tunnels require port")
              .real_servers.at(0)
              .tunnel.type == TunnelType::gre);
    const auto sorry =
        good_server("sorry_server 192.0.2.9\nsorry_server_lvs_method TUN type gue port 9\n").sorry_server;
    CHECK(sorry->tunnel == ipvs::Tunnel{TunnelType::gue, {}, 9});
    CHECK(good_server("lvs_method TUN type gre\nsorry_server 192.0.2.9\nsorry_server_lvs_method TUN\n")
              .sorry_server->tunnel == ipvs::Tunnel{});
}

TEST_CASE("what nothing acts on yet is kept") {
    const Outcome outcome = test::test_text(server(
        kUsual + "persistence_engine sip\npersistence_timeout 9\nha_suspend\nomega\nsmtp_alert on\nsnmp_name \"a b\"\n",
        "smtp_alert off\nsnmp_name c"));
    CHECK(outcome.test_status == 0);
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
        CHECK(diagnostic.severity == Severity::warning);
    }
    const ipvs::VirtualServer& kept = outcome.config.ipvs.virtual_servers.at(0);
    CHECK(kept.persistence_engine == "sip");
    CHECK(kept.ha_suspend);
    CHECK(kept.omega);
    CHECK(kept.smtp_alert == true);
    CHECK(kept.snmp_name == "a b");
    CHECK(kept.real_servers[0].smtp_alert == false);
    CHECK(kept.real_servers[0].snmp_name == "c");
    CHECK(bad_server(kUsual + "persistence_engine 12345678901234567\n", "persistence_name too long, truncating")
              .persistence_engine == "1234567890123456");
    CHECK(bad_server(kUsual + "snmp_name a\nsnmp_name b\n", "snmp_name already specified").snmp_name == "b");
    CHECK(bad_server(kUsual + "snmp_name a b\n", "snmp_name missing or extra parameters").snmp_name.empty());
    (void)bad_server(kUsual + "virtualhost a\nvirtualhost b\n", "virtualhost already specified");
    (void)bad_server(kUsual + "virtualhost\n", "virtualhost needs a parameter");
    (void)bad_server(kUsual + "smtp_alert x\n", "Invalid smtp_alert parameter x");
}

TEST_CASE("mail is sent as global_defs says, by default about real servers only") {
    const auto settings = [](const std::string& global, std::string_view own = "") {
        const Outcome outcome =
            test::test_text(server(kUsual + std::string(own), own) + "global_defs {\n" + global + "}\n");
        const ipvs::VirtualServer& virtual_server = outcome.config.ipvs.virtual_servers.at(0);
        return std::pair(virtual_server.smtp_alert.value(), virtual_server.real_servers[0].smtp_alert.value());
    };
    CHECK(settings("") == std::pair(false, true));
    CHECK(settings("smtp_alert on\n") == std::pair(true, true));
    CHECK(settings("smtp_alert on\nsmtp_alert_checker off\n") == std::pair(false, false));
    CHECK(settings("smtp_alert off\n", "smtp_alert on\n") == std::pair(true, true));
}

TEST_CASE("scripts of servers") {
    test::FakeMachine machine;
    const std::string script = "notify_up /bin/true";
    const auto status = [&](const std::string& text) { return test::test_text(text, machine).test_status; };
    CHECK(status(server(kUsual + "quorum_up\n")) == 2);
    CHECK(status(server(kUsual, "notify_down")) == 2);
    const Outcome twice = test::test_text(server(kUsual, "notify_up /nonesuch/a b\nnotify_up /nonesuch/b"), machine);
    CHECK(twice.test_status == 5);
    CHECK(test::headlines(twice).find("notify_up script already specified") != std::string::npos);
    CHECK(twice.config.ipvs.virtual_servers.at(0).real_servers[0].notify_up == 0);
    CHECK(twice.config.ipvs.virtual_servers.at(0).real_servers[0].notify_down == core::kNoCommand);
    // Those of servers that are dropped are not run, so they are no danger either.
    CHECK(status("virtual_server 192.0.2.1 80 {\nquorum_up /usr/bin/true\n}\n") == 5);
    CHECK(status("virtual_server group none {\nquorum_up /usr/bin/true\nreal_server 192.0.2.2 80 {\n}\n}\n") == 0);
}

TEST_CASE("the daemon is lenient with ports") {
    const Outcome outcome = test::load_text(server(kUsual, "weight 7z", "192.0.2.1 80x"));
    REQUIRE(outcome.config.ipvs.virtual_servers.size() == 1);
    CHECK(outcome.config.ipvs.virtual_servers[0].port == 80);
    CHECK(outcome.config.ipvs.virtual_servers[0].real_servers[0].weight == 7);
    CHECK_FALSE(test::fatal_status(outcome).has_value());
}
