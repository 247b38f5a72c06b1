// MISC_CHECK, BFD_CHECK, FILE_CHECK, and what makes any check the same one after a reload.
#include "check_fixture.hpp"
#include "parser/check/identity.hpp"

using namespace sustain;
using namespace sustain::parser;
using namespace sustain::parser::test;
using namespace std::chrono_literals;
using checker::BfdCheck;
using checker::FileCheck;
using checker::MiscCheck;

namespace {

const std::string kPath = "misc_path \"/usr/bin/probe a 'b c'\"\n";
const std::string kObjects =
    "bfd_instance B1 {\nneighbor_ip 192.0.2.7\n}\nbfd_instance B2 {\nneighbor_ip 192.0.2.8\n}\n"
    "track_file F1 {\nfile \"/etc/hostname\"\n}\n";

CheckText with_objects(std::string kind, std::string body) {
    return {.kind = std::move(kind), .body = std::move(body), .before = kObjects};
}

/// The texts that the parent compares at a reload.
std::string identity(const CheckText& text) {
    const Outcome outcome = test_text(text.text());
    const auto checks = checks_in(outcome);
    REQUIRE(checks.size() == 1);
    return identity_text(checks[0].identity);
}

bool same(const CheckText& a, const CheckText& b) {
    const Outcome first = test_text(a.text());
    const Outcome second = test_text(b.text());
    REQUIRE(checks_in(first).size() == 1);
    REQUIRE(checks_in(second).size() == 1);
    const bool equal = checks_in(first)[0].identity == checks_in(second)[0].identity;
    CHECK(equal == (identity(a) == identity(b)));
    return equal;
}

}  // namespace

TEST_CASE("MISC_CHECK") {
    // 6: a script runs without script security
    const Outcome outcome = test_text(CheckText{"MISC_CHECK", kPath + "misc_dynamic yes"}.text());
    CHECK(outcome.test_status == 6);
    REQUIRE(outcome.config.checker.checks.size() == 1);
    const auto& check = outcome.config.checker.checks[0];
    const auto& misc = *std::get<core::Boxed<MiscCheck>>(check.identity.kind);
    CHECK(misc.arguments == std::vector<std::string>{"/usr/bin/probe", "a", "b c"});
    CHECK(misc.dynamic);
    CHECK(misc.timeout == 60s);
    CHECK(check.retry == 0);
    CHECK(check.delay_before_retry == 1s);
    REQUIRE(outcome.config.checker.scripts.size() == 1);
    CHECK(misc.script == 0);

    const auto timeout = [](std::string body, std::string outer, std::string server, int expected = 6) {
        return details<MiscCheck>({.kind = "MISC_CHECK",
                                   .body = kPath + std::move(body),
                                   .outer = std::move(outer),
                                   .server = std::move(server)},
                                  expected)
            .timeout;
    };
    CHECK(timeout("misc_timeout 7", "", "") == 7s);
    CHECK(timeout("misc_timeout 0", "delay_loop 9", "") == 9s);
    CHECK(timeout("delay_loop 2", "delay_loop 9", "delay_loop 3") == 9s);
    CHECK(timeout("misc_timeout 4295", "", "") == 60s);
}

TEST_CASE("a MISC_CHECK that cannot run goes") {
    const std::string none = "No script path has been specified for MISC_CHECKER - skipping";
    CHECK(all_checks({"MISC_CHECK"}, 5, none).empty());
    CHECK(all_checks({"MISC_CHECK", "misc_path"}, 5, none).empty());
    CHECK(all_checks({"MISC_CHECK", "misc_path \"\""}, 5, none).empty());
    CHECK(all_checks({"MISC_CHECK", "misc_path \"/usr/bin/probe 'a\""}, 5, "missing terminating '").empty());
    CHECK(all_checks({"MISC_CHECK", "misc_path \"/usr/bin/probe"}, 5, "missing terminating \"").empty());
    CHECK(all_checks({"MISC_CHECK", kPath + "user nobody_at_all"}, 5, "Failed to set uid/gid").empty());
    CHECK(all_checks({"MISC_CHECK", "user nobody_at_all\n" + kPath}, 5, "Failed to set uid/gid").empty());
    (void)all_checks({"MISC_CHECK", kPath + "connect_ip 192.0.2.3"}, 6, "Unknown keyword 'connect_ip'");
    CHECK(details<MiscCheck>({"MISC_CHECK", kPath + "misc_path /usr/bin/other\nmisc_path"}, 6).arguments ==
          std::vector<std::string>{"/usr/bin/other"});
}

TEST_CASE("BFD_CHECK") {
    CHECK(details<BfdCheck>(with_objects("BFD_CHECK", "name B1")).instance == "B1");
    CHECK(only_check(with_objects("BFD_CHECK", "name B1\nalpha")).alpha);
    const std::pair<const char*, const char*> bad[] = {
        {"", "([192.0.2.2]:tcp:80) No name has been specified for BFD_CHECKER - skipping"},
        {"name", "No name has been specified for BFD_CHECKER - skipping"},
        {"name B1 B2", "([192.0.2.2]:tcp:80) BFD_CHECK - No or too many names specified - skipping checker"},
        {"name B9", "([192.0.2.2]:tcp:80) BFD_CHECK - BFD B9 not configured"},
        {"name B1\nname B2", "([192.0.2.2]:tcp:80) BFD_CHECK - BFD B2 already specified as B1"},
        {"name B9\nname B1", "BFD B9 not configured"}};
    for (const auto& [body, message] : bad) {
        CHECK(all_checks(with_objects("BFD_CHECK", body), 5, message).empty());
    }
    CHECK(all_checks(with_objects("BFD_CHECK", "name B1\n}\nBFD_CHECK {\nname B1"), 5, "RS already monitoring B1")
              .size() == 1);
    CHECK(all_checks(with_objects("BFD_CHECK", "name B1\n}\nBFD_CHECK {\nname B2")).size() == 2);
    // a check that goes leaves its instance to others
    CHECK(all_checks(with_objects("BFD_CHECK", "name B1\nname B2\n}\nBFD_CHECK {\nname B1"), 5).size() == 1);
    CHECK(all_checks({"BFD_CHECK", "name B1\nretry 3"}, 5, "Unknown keyword 'retry'").empty());
}

TEST_CASE("FILE_CHECK") {
    const auto plain = details<FileCheck>(with_objects("FILE_CHECK", "track_file F1"));
    CHECK(plain.track_file == "F1");
    CHECK(plain.path == "/etc/hostname");
    CHECK(plain.weight == FileCheck::Weight{1, false});  // of the track_file
    CHECK(details<FileCheck>(with_objects("FILE_CHECK", "weight -2147483647 reverse\ntrack_file F1")).weight ==
          FileCheck::Weight{-2147483647, true});
    CHECK(details<FileCheck>(with_objects("FILE_CHECK", "track_file F1\nweight 3 noreverse")).weight ==
          FileCheck::Weight{3, false});
    CHECK(details<FileCheck>(with_objects("FILE_CHECK", "track_file F1\ntrack_file F9"), 5, "track_file F9 not found")
              .track_file == "F1");
    for (const auto* const bad : {"weight", "weight x", "weight 3 foo", "weight 2147483648", "weight -2147483648"}) {
        CHECK(details<FileCheck>(with_objects("FILE_CHECK", std::string("track_file F1\n") + bad), 5).weight ==
              FileCheck::Weight{1, false});
    }
    CHECK(all_checks(with_objects("FILE_CHECK", ""), 5, "FILE_CHECK has no track_file specified - ignoring").empty());
    CHECK(all_checks(with_objects("FILE_CHECK", "track_file F9"), 5, "track_file F9 not found").empty());
    (void)all_checks(with_objects("FILE_CHECK", "track_file F1\nalpha"), 5, "Unknown keyword 'alpha'");
    (void)all_checks(with_objects("FILE_CHECK", "track_file F1\ndynamic"), 5, "Unknown keyword 'dynamic'");
}

TEST_CASE("what makes a check the same one after a reload") {
    const std::string url = "url {\npath /\nregex x\n}\n";
    const CheckText http{"HTTP_GET", url};
    for (const auto* const other : {"retry 7", "http_protocol 1.1", "enable_sni", "fast_recovery", "alpha"}) {
        CHECK(same(http, {"HTTP_GET", url + other}));
    }
    CHECK(same(http, {"HTTP_GET", "url {\npath /\nregex x\nregex_stack 5 6\n}"}));
    for (const auto* const other :
         {"connect_port 1", "virtualhost a", "sni_name a", "connect_timeout 9", "fwmark 1", "url {\npath /b\n}"}) {
        CHECK_FALSE(same(http, {"HTTP_GET", url + other}));
    }
    for (const auto* const other :
         {"path /a\nregex x", "path /", "path /\nregex y", "path /\nregex x\nregex_no_match",
          "path /\nregex x\nregex_options utf", "path /\nregex x\nregex_min_offset 1", "path /\nregex x\nvirtualhost a",
          "path /\nregex x\nstatus_code 200", "path /\nregex x\ndigest 00000000000000000000000000000000"}) {
        CHECK_FALSE(same(http, {"HTTP_GET", fmt::format("url {{\n{}\n}}\n", other)}));
    }
    CHECK_FALSE(same(http, {"SSL_GET", url}));
    CHECK(same({"HTTP_GET", "url {\npath /\nstatus_code 200-202\n}"},
               {"HTTP_GET", "url {\npath /\nstatus_code 202 200 201\n}"}));
    // parts of texts do not run into each other
    CHECK_FALSE(same({"HTTP_GET", "url {\npath \"a 1:b\"\n}"}, {"HTTP_GET", "url {\npath a\nvirtualhost b\n}"}));

    CHECK(same({"UDP_CHECK"}, {"UDP_CHECK", "payload 00\nrequire_reply"}));
    CHECK_FALSE(same({"UDP_CHECK"}, {"PING_CHECK"}));
    CHECK_FALSE(same({"DNS_CHECK"}, {"DNS_CHECK", "type A"}));
    CHECK_FALSE(same({"DNS_CHECK"}, {"DNS_CHECK", "name a"}));
    CHECK_FALSE(same({"SMTP_CHECK"}, {"SMTP_CHECK", "helo_name a"}));
    CHECK(same({"MISC_CHECK", kPath}, {"MISC_CHECK", kPath + "misc_timeout 3"}));
    CHECK_FALSE(same({"MISC_CHECK", kPath}, {"MISC_CHECK", kPath + "misc_dynamic"}));
    CHECK_FALSE(same({"MISC_CHECK", kPath}, {"MISC_CHECK", "misc_path /usr/bin/probe"}));
    CHECK_FALSE(same(with_objects("BFD_CHECK", "name B1"), with_objects("BFD_CHECK", "name B2")));
}
