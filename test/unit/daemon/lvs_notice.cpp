// The mails about real servers, with the bodies of spec/lvs.md 7.4.
#include "daemon/lvs_notice.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::daemon;

namespace {

checker::Config checks_of(checker::Kind kind) {
    checker::Check check;
    check.identity.kind = std::move(kind);
    return {.checks = {std::move(check)}};
}

ipvs::Notice said(bool up, std::string reason = {}) {
    ipvs::Notice notice;
    notice.kind = ipvs::Notice::Kind::check;
    notice.up = notice.server_up = up;
    notice.service = "[10.1.9.1]:tcp:80";
    notice.server = "[10.1.0.1]:tcp:80";
    notice.mail = true;
    notice.changed = notice.server_changed = true;
    notice.reason = std::move(reason);
    return notice;
}

std::string body(checker::Kind kind, bool up, std::string reason = {}) {
    return lvs_notice(said(up, std::move(reason)), checks_of(std::move(kind)), {}).body;
}

}  // namespace

TEST_CASE("each kind of check has its words") {
    CHECK(body(checker::TcpCheck(), true) == "=> TCP CHECK succeed on service <=");
    CHECK(body(checker::TcpCheck(), false, "connection timed out") == "=> TCP CHECK failed on service <=");
    CHECK(body(checker::PingCheck(), true) == "=> ICMP CHECK succeed on service <=");
    CHECK(body(core::Boxed(checker::UdpCheck()), false) == "=> UDP CHECK failed on service <=");
    CHECK(body(core::Boxed(checker::DnsCheck()), false) == "=> DNS_CHECK: failed on service <=");
    CHECK(body(core::Boxed(checker::HttpGet()), true) == "=> CHECK succeed on service <=");
    CHECK(body(core::Boxed(checker::HttpGet()), false, "x") ==
          "=> CHECK failed on service : HTTP/SSL request failed <=");
    CHECK(body(core::Boxed(checker::BfdCheck{.instance = "b1"}), true) == "=> BFD CHECK b1 succeeded on service <=");
    CHECK(body(core::Boxed(checker::FileCheck()), false).empty());
}

TEST_CASE("a mail about SMTP says why, in printable characters") {
    CHECK(body(core::Boxed(checker::SmtpCheck()), true) == "=> CHECK succeed on service <=");
    CHECK(body(core::Boxed(checker::SmtpCheck()), false, "bad greeting: '554 no'") ==
          "=> CHECK failed on service : bad greeting: '554 no' <=");
    const std::string shown = "'?[2J" + std::string(2, '?') + "." + std::string(4, '?') + "'";
    CHECK(body(core::Boxed(checker::SmtpCheck()), false, "'\x1b[2J\r\n.\r\n\xc3\xa4'") ==
          "=> CHECK failed on service : " + shown + " <=");
}

TEST_CASE("a mail about a script says whether its time was over") {
    CHECK(body(core::Boxed(checker::MiscCheck()), true) == "=> MISC CHECK succeeded on service <=");
    CHECK(body(core::Boxed(checker::MiscCheck()), false, "exited with status 1") ==
          "=> MISC CHECK failed on service <=");
    CHECK(body(core::Boxed(checker::MiscCheck()), false, "timed out") == "=> MISC CHECK timed out on service <=");
}

TEST_CASE("who gets a mail about a check") {
    ipvs::Notice notice = said(false);
    const auto tcp = checks_of(checker::TcpCheck());
    const auto misc = checks_of(core::Boxed(checker::MiscCheck()));
    core::MailSettings mail;
    CHECK(lvs_notice(notice, tcp, mail).subject ==
          "Realserver [10.1.0.1]:tcp:80 of virtual server [10.1.9.1]:tcp:80 - DOWN");
    notice.server_up = true;  // the state of the server, not of the check
    notice.server_changed = false;
    CHECK(lvs_notice(notice, tcp, mail).subject ==
          "Realserver [10.1.0.1]:tcp:80 of virtual server [10.1.9.1]:tcp:80 - UP");
    mail.no_checker_mails = true;
    CHECK(lvs_notice(notice, tcp, mail).subject.empty());
    mail.no_checker_mails = false;
    notice.changed = false;  // the first result, and what was assumed
    CHECK(lvs_notice(notice, tcp, mail).subject.empty());
    CHECK_FALSE(lvs_notice(notice, misc, mail).subject.empty());
    notice.mail = false;
    CHECK(lvs_notice(notice, misc, mail).subject.empty());
}
