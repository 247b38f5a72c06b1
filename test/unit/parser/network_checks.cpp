// SMTP_CHECK, DNS_CHECK, UDP_CHECK, PING_CHECK and what all checks that connect have in common.
#include "check_fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using namespace sustain::parser::test;
using namespace std::chrono_literals;
using checker::Check;
using checker::DnsCheck;
using checker::SmtpCheck;
using checker::UdpCheck;

TEST_CASE("every check that connects has the same rows for it") {
    for (const std::string kind : {"SMTP_CHECK", "DNS_CHECK", "UDP_CHECK", "PING_CHECK", "HTTP_GET", "SSL_GET"}) {
        const std::string essential = kind.ends_with("GET") ? "\nurl {\npath /\n}" : "";
        const Check check =
            only_check({kind,
                        "connect_ip 192.0.2.7/24\nconnect_port 81\nbindto 192.0.2.8\nbind_port 99\nbind_if eth0\n"
                        "connect_timeout 1.5\nfwmark 7\nretry 0\ndelay_before_retry 2\nwarmup 3\ndelay_loop 4\n"
                        "alpha\nlog_all_failures" +
                            essential});
        CHECK(check.identity.endpoint == checker::Endpoint{.address = *core::Address::parse("192.0.2.7"),
                                                           .port = 81,
                                                           .bind_address = core::Address::parse("192.0.2.8"),
                                                           .bind_port = 99,
                                                           .bind_interface = "eth0",
                                                           .fwmark = 7});
        CHECK(check.identity.connect_timeout == 1500ms);
        CHECK(check.retry == 0);
        CHECK(check.delay_before_retry == 2s);
        CHECK(check.warmup == 3s);
        CHECK(check.delay_loop == 4s);
        CHECK(check.alpha);
        CHECK(check.log_all_failures);
        CHECK(all_checks({kind, "connect_ip fe80::1" + essential}, 5,
                         "Checker link local address fe80::1 requires a bind_if")
                  .empty());
        CHECK(only_check({kind, "connect_ip fe80::1\nbind_if eth0" + essential}).identity.endpoint.port == 80);
        CHECK(only_check({kind, "connect_ip zz" + essential}, 5, "Invalid connect_ip address zz - ignoring")
                  .identity.endpoint.address == core::Address::parse("192.0.2.2"));
        (void)only_check({kind, "connect_port 0" + essential}, 5, "outside range [1, 65535]");
        (void)only_check({kind, "bind_if interfacenametoolong" + essential}, 5, "is too long - ignoring");
        (void)only_check({kind, "connect_ip ::1\nbindto 192.0.2.3" + essential}, 5, "does not match address family");
        (void)only_check({kind, "bindto 192.0.2.3\nconnect_ip ::1" + essential}, 5, "does not match address family");
    }
}

TEST_CASE("defaults differ from kind to kind") {
    const auto ping = only_check({"PING_CHECK"});
    CHECK(std::holds_alternative<checker::PingCheck>(ping.identity.kind));
    CHECK(ping.retry == 1);
    CHECK(ping.delay_before_retry == 1s);
    CHECK(ping.identity.connect_timeout == 5s);
    const auto dns = only_check({"DNS_CHECK", "delay_loop 7"});
    CHECK(dns.retry == 3);
    CHECK(dns.delay_before_retry == 7s);
    CHECK(dns.warmup == 7s);
    const auto http = only_check({"HTTP_GET", "url {\npath /\n}"});
    CHECK(http.retry == 1);
    CHECK(http.delay_before_retry == 3s);
    const auto inherited = only_check({.kind = "DNS_CHECK",
                                       .outer = "retry 9\ndelay_before_retry 8\nconnect_timeout 7\nalpha",
                                       .server = "retry 5\nwarmup 0"});
    CHECK(inherited.retry == 5);
    CHECK(inherited.delay_before_retry == 8s);
    CHECK(inherited.identity.connect_timeout == 7s);
    CHECK(inherited.warmup == 0s);
    CHECK(inherited.alpha);
}

TEST_CASE("SMTP_CHECK") {
    CHECK(details<SmtpCheck>({"SMTP_CHECK"}).helo_name == "smtpchecker.keepalived.org");
    CHECK(details<SmtpCheck>({"SMTP_CHECK", "helo_name lb.example.org"}).helo_name == "lb.example.org");
    (void)details<SmtpCheck>({"SMTP_CHECK", "helo_name"}, 5, "helo_name");
    CHECK(details<SmtpCheck>({"SMTP_CHECK", "helo_name a\nhelo_name b"}, 5, "already specified").helo_name == "b");
    // a source address of the wrong family is no error, but cannot work
    CHECK_FALSE(only_check({"SMTP_CHECK", "bindto ::1"}, 0, "bindto address ::1 does not match")
                    .identity.endpoint.bind_address.has_value());
    (void)only_check({"SMTP_CHECK", "connect_ip 192.0.2.3\nbindto ::1"}, 5, "does not match address family");
}

TEST_CASE("the hosts of an SMTP_CHECK are checks of their own") {
    const std::string hosts =
        "host {\nconnect_ip 192.0.2.7\nconnect_port 26\n}\nhost {\nconnect_timeout 2\nretry 4\n}\n";
    const auto alone = all_checks({"SMTP_CHECK", "helo_name a\n" + hosts});
    REQUIRE(alone.size() == 2);
    CHECK(alone[0].identity.endpoint.address == core::Address::parse("192.0.2.7"));
    CHECK(alone[0].identity.endpoint.port == 26);
    CHECK(alone[0].identity.connect_timeout == 5s);
    CHECK(alone[0].retry == 4);  // of all of them
    CHECK(alone[1].identity.endpoint.address == core::Address::parse("192.0.2.2"));
    CHECK(alone[1].identity.connect_timeout == 2s);
    CHECK(std::get<core::Boxed<SmtpCheck>>(alone[1].identity.kind)->helo_name == "a");
    const auto together = all_checks({"SMTP_CHECK", "connect_timeout 3\n" + hosts});
    REQUIRE(together.size() == 3);
    CHECK(together[0].identity.endpoint.address == core::Address::parse("192.0.2.2"));
    CHECK(together[1].identity.connect_timeout == 3s);
    CHECK(
        all_checks({"SMTP_CHECK", "connect_port 25\nhost {\nconnect_ip fe80::1\n}"}, 5, "requires a bind_if").size() ==
        1);
    (void)all_checks({"SMTP_CHECK", "host {\nhelo_name a\n}"}, 5, "Unknown keyword 'helo_name'");
}

TEST_CASE("DNS_CHECK") {
    CHECK(details<DnsCheck>({"DNS_CHECK"}).type == checker::DnsType::soa);
    CHECK(details<DnsCheck>({"DNS_CHECK"}).name.empty());
    const auto check = details<DnsCheck>({"DNS_CHECK", "type aaaa\nname www.example.org."});
    CHECK(check.type == checker::DnsType::aaaa);
    CHECK(check.name == "www.example.org");
    CHECK(details<DnsCheck>({"DNS_CHECK", "type ANY"}, 5, "Unknown DNS check type ANY - ignoring").type ==
          checker::DnsType::soa);
    CHECK(details<DnsCheck>({"DNS_CHECK", "name a..b"}, 5, "name 'a..b' has empty label - ignoring").name.empty());
    CHECK(details<DnsCheck>({"DNS_CHECK", "name aa\nname bb"}, 5, "name already specified - ignoring").name == "aa");
    CHECK(details<DnsCheck>({"DNS_CHECK", "name a.example.org"}).name == "a.example.org");
    (void)details<DnsCheck>({"DNS_CHECK", "name " + std::string(64, 'a')}, 0, "too long for a query");
}

TEST_CASE("UDP_CHECK") {
    using Bytes = std::vector<std::uint8_t>;
    const auto plain = details<UdpCheck>({"UDP_CHECK"});
    CHECK_FALSE(plain.payload.has_value());
    CHECK_FALSE(plain.require_reply);
    CHECK(plain.max_reply_length == 255);
    const auto check = details<UdpCheck>(
        {"UDP_CHECK", "payload 00 01 0a\nrequire_reply 00 xx\nmin_reply_length 2\nmax_reply_length 512"});
    CHECK(check.payload == Bytes{0, 1, 10});
    CHECK(check.require_reply);
    REQUIRE(check.reply.has_value());
    CHECK(check.reply->mask == Bytes{0xff, 0});
    CHECK(check.min_reply_length == 2);
    CHECK(check.max_reply_length == 512);
    CHECK_FALSE(details<UdpCheck>({"UDP_CHECK", "payload 0xde"}, 5, "Invalid hex string for UDP_CHECK payload")
                    .payload.has_value());
    (void)details<UdpCheck>({"UDP_CHECK", "payload"}, 5, "payload");
    const auto bad = details<UdpCheck>({"UDP_CHECK", "require_reply zz"}, 5, "Invalid hex string for UDP_CHECK reply");
    CHECK(bad.require_reply);
    CHECK_FALSE(bad.reply.has_value());
    CHECK_FALSE(details<UdpCheck>({"UDP_CHECK", "require_reply"}).reply.has_value());
    CHECK(details<UdpCheck>({"UDP_CHECK", "min_reply_length 300"}, 5,
                            "UDP_CHECK min_reply length 300 > max_reply_length 255 - will always fail")
              .min_reply_length == 300);
    CHECK(details<UdpCheck>({"UDP_CHECK", "max_reply_length 5x"}, 5, "invalid number '5x'").max_reply_length == 255);
}

TEST_CASE("an explained check means the same") {
    Options options;
    const Folder folder;
    const CheckText text{"UDP_CHECK", "payload 00\nrequire_reply 0x"};
    options.file = folder.write("k.conf", text.text());
    options.explain.emplace();
    const std::string explained = load(options, FakeMachine()).explanation;
    CHECK(explained.find("connect_ip 192.0.2.2") != std::string::npos);
    CHECK(explained.find("connect_port") == std::string::npos);
    const Outcome again = test_text(explained);
    INFO(explained << headlines(again));
    CHECK(again.config.checker.checks.size() == 1);
    CHECK(headlines(again).find("invalid number") == std::string::npos);
}
