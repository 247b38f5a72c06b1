// HTTP_GET, SSL_GET, their urls and the SSL block.
#include "check_fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using namespace sustain::parser::test;
using checker::HttpGet;
using checker::HttpProtocol;
using checker::RegexOption;

namespace {

checker::Url url(const std::string& statements, int status = 0, std::string_view message = {}) {
    const auto check = details<HttpGet>({"HTTP_GET", "url {\npath /\n" + statements + "\n}"}, status, message);
    REQUIRE(check.urls.size() == 1);
    return check.urls[0];
}

checker::Regex regex(const std::string& statements, int status = 0, std::string_view message = {}) {
    const checker::Url page = url(statements, status, message);
    REQUIRE(page.regex.has_value());
    return *page.regex;
}

/// What is only logged.
std::string notes(const std::string& statements) {
    return headlines(test_text(CheckText{"HTTP_GET", "url {\npath /\n" + statements + "\n}"}.text()));
}

const std::string kUrl = "\nurl {\npath /\n}";

}  // namespace

TEST_CASE("statements of HTTP_GET and SSL_GET") {
    for (const std::string kind : {"HTTP_GET", "SSL_GET"}) {
        const auto usual = details<HttpGet>({kind, kUrl});
        CHECK(usual.tls == (kind == "SSL_GET"));
        CHECK(usual.protocol == HttpProtocol::http_1_0);
        CHECK_FALSE(usual.enable_sni);
        CHECK_FALSE(usual.virtualhost.has_value());
        CHECK(details<HttpGet>({kind, "http_protocol 1.0c" + kUrl}).protocol == HttpProtocol::http_1_0_close);
        CHECK(details<HttpGet>({kind, "http_protocol 1.0C" + kUrl}).protocol == HttpProtocol::http_1_0_close);
        CHECK(details<HttpGet>({kind, "http_protocol 1.1" + kUrl}).protocol == HttpProtocol::http_1_1);
        CHECK(details<HttpGet>({kind, "http_protocol 2" + kUrl}, 5, "Invalid http_protocol version 2").protocol ==
              HttpProtocol::http_1_0);
        (void)details<HttpGet>({kind, "http_protocol" + kUrl}, 5, "http_protocol");
        CHECK(details<HttpGet>({kind, "virtualhost a" + kUrl}).virtualhost == "a");
        CHECK(details<HttpGet>({kind, "virtualhost a\nvirtualhost b" + kUrl}, 5, "already specified").virtualhost ==
              "b");
        CHECK(details<HttpGet>({kind, "enable_sni\nfast_recovery" + kUrl}).fast_recovery);
        CHECK_FALSE(details<HttpGet>({kind, "enable_sni x" + kUrl}, 5, "Invalid enable_sni parameter x").enable_sni);
        CHECK(details<HttpGet>({kind, "sni_name" + kUrl}).enable_sni);
        CHECK(details<HttpGet>({kind, "sni_name a" + kUrl}).sni_name == "a");
        CHECK(details<HttpGet>({kind, "sni_name a\nsni_name b" + kUrl}, 5, "already specified").sni_name == "b");
        CHECK(details<HttpGet>({kind, "sni_name a\nsni_name" + kUrl}, 5, "sni_name without a name").sni_name == "a");
        CHECK(only_check({kind, "nb_get_retry 3" + kUrl}, 5, "nb_get_retry is deprecated - please use 'retry'").retry ==
              3);
        CHECK(all_checks({kind}, 5, "HTTP/SSL_GET checker has no urls specified - ignoring").empty());
        CHECK(all_checks({kind, "url {\n}"}, 5, "HTTP/SSL_GET checker url has no path - ignoring").empty());
        const auto several = details<HttpGet>({kind, "url {\npath /b\n}\nurl {\n}\nurl {\npath /a\n}"}, 5, "no path");
        REQUIRE(several.urls.size() == 2);
        CHECK(several.urls[0].path == "/b");
    }
    CHECK(details<HttpGet>({"SSL_GET", "tls_compliant" + kUrl}).tls_compliant);
    CHECK(details<HttpGet>({"SSL_GET", "url {\npath /\ntls_compliant\n}"}).urls[0].tls_compliant);
    (void)only_check({"HTTP_GET", "tls_compliant" + kUrl}, 5, "Unknown keyword 'tls_compliant'");
    (void)only_check({"HTTP_GET", "url {\npath /\ntls_compliant\n}"}, 5, "Unknown keyword 'tls_compliant'");
    const auto inherited =
        details<HttpGet>({.kind = "HTTP_GET", .body = kUrl, .outer = "virtualhost vs", .server = "virtualhost rs"});
    CHECK(inherited.real_server_virtualhost == "rs");
    CHECK(inherited.virtual_server_virtualhost == "vs");
}

TEST_CASE("statements of a url") {
    CHECK(details<HttpGet>({"HTTP_GET", "url {\npath \"\"\n}"}).urls[0].path.empty());
    CHECK(details<HttpGet>({"HTTP_GET", "url {\npath /a\npath /b\n}"}, 5, "path already specified").urls[0].path ==
          "/b");
    CHECK(url("digest 9B3A0c85a887a256d6939da88aabd8cd").digest == "9b3a0c85a887a256d6939da88aabd8cd");
    CHECK(url("digest 1234", 5, "digest '1234' character length should be 32 rather than 4").digest.empty());
    CHECK(url("digest 9b3a0c85a887a256d6939da88aabd8cg", 5, "Unable to interpret hex digit").digest.empty());
    CHECK(url("digest 9b3a0c85a887a256d6939da88aabd8cd\ndigest 00000000000000000000000000000000", 5, "is a duplicate")
              .digest == "9b3a0c85a887a256d6939da88aabd8cd");
    CHECK(url("virtualhost a").virtualhost == "a");
    CHECK(url("virtualhost a\nvirtualhost b", 5, "already specified").virtualhost == "b");
    const auto codes = url("status_code 200-204 301\nstatus_code 404").status;
    CHECK(codes.contains(203));
    CHECK(codes.contains(404));
    CHECK_FALSE(codes.contains(205));
    const auto rest = url("status_code 600 200", 5, "Invalid HTTP_GET status code '600'").status;
    CHECK(rest.contains(200));
    CHECK_FALSE(rest.contains(201));
    CHECK(url("status_code").status.contains(299));
}

TEST_CASE("regular expressions") {
    CHECK_FALSE(url("").regex.has_value());
    CHECK(regex("regex \"ok [0-9]+\"").pattern == "ok [0-9]+");
    CHECK(regex("regex \\\\d").pattern == "\\d");
    CHECK(regex("regex 'a b'c").pattern == "a bc");
    CHECK(regex("regex a\nregex b", 5, "regex already specified").pattern == "b");
    CHECK_FALSE(url("regex a b", 5, "regex must be a single pattern").regex.has_value());
    CHECK_FALSE(url("regex", 5, "regex").regex.has_value());
    CHECK_FALSE(url("regex 'a", 5, "missing terminating '").regex.has_value());
    const auto options = regex("regex_options caseless multiline\nregex x\nregex_options utf foo\nregex_no_match");
    CHECK(options.has(RegexOption::caseless));
    CHECK(options.has(RegexOption::multiline));
    CHECK(options.has(RegexOption::utf));
    CHECK_FALSE(options.has(RegexOption::dotall));
    CHECK(options.forbidden);
    const auto offsets = regex("regex x\nregex_min_offset 5\nregex_max_offset 9\nregex_stack 100 200");
    CHECK(offsets.min_offset == 5);
    CHECK(offsets.max_offset == 9U);
    CHECK(offsets.stack_start == 100);
    CHECK(offsets.stack_max == 200);
}

TEST_CASE("what is wrong with settings of regular expressions is only logged") {
    for (const auto* const value :
         {"regex_min_offset", "regex_min_offset 1 2", "regex_min_offset x", "regex_min_offset -1", "regex_max_offset x",
          "regex_stack 5", "regex_stack 6 5", "regex_stack x 5", "regex_options foo"}) {
        CHECK(regex(std::string("regex x\n") + value) == regex("regex x"));
        CHECK(notes(std::string("regex x\n") + value).find("ignoring") != std::string::npos);
    }
    const auto crossed = regex("regex x\nregex_min_offset 9\nregex_max_offset 5");
    CHECK(crossed.min_offset == 0);
    CHECK_FALSE(crossed.max_offset.has_value());
    for (const auto* const lonely : {"regex_no_match", "regex_options utf", "regex_min_offset 4", "regex_stack 1 2"}) {
        CHECK_FALSE(url(lonely).regex.has_value());
        CHECK(notes(lonely).find("without a regex") != std::string::npos);
    }
}

TEST_CASE("the SSL block") {
    const auto tls = [](const std::string& text, int expected, std::string_view message) {
        const Outcome outcome = test_text(text);
        INFO(headlines(outcome));
        CHECK(outcome.test_status == expected);
        CHECK(headlines(outcome).find(message) != std::string::npos);
        CHECK(headlines(outcome).find("geheim") == std::string::npos);
        REQUIRE(outcome.config.checker.tls.has_value());
        return *outcome.config.checker.tls;
    };
    const auto all = tls("SSL {\npassword geheim\nca a\ncertificate b\nkey c\n}\n", 0, "");
    CHECK(all.password == core::Secret("geheim"));
    CHECK(all.ca == "a");
    CHECK(all.certificate == "b");
    CHECK(all.key == "c");
    CHECK(tls("SSL {\nkey a\nkey b\n}\n", 5, "SSL key already specified - replacing").key == "b");
    CHECK(tls("SSL {\nca a\n}\nSSL {\nkey b\n}\n", 5, "SSL context already specified - replacing").ca.empty());
    (void)tls("SSL {\npassword\n}\n", 5, "password");
    (void)tls("SSL {\npassword geheim\npassword geheim\n}\n", 5, "SSL password already specified");
}
