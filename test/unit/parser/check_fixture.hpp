// A real server with one health check, for the tests of the single kinds.
#pragma once

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace sustain::parser::test {

/// Before: top level blocks; outer: statements of the virtual server; server: of the real server.
struct CheckText {
    std::string kind;
    std::string body = {};
    std::string before = {};
    std::string outer = {};
    std::string server = {};

    [[nodiscard]] std::string text() const {
        return fmt::format(
            "{}\nvirtual_server 192.0.2.1 80 {{\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n{}\n"
            "real_server 192.0.2.2 80 {{\n{}\n{} {{\n{}\n}}\n}}\n}}\n",
            before, outer, server, kind, body);
    }
};

/// The checks that nothing runs yet; the status of -t is as expected, and this message is among the headlines.
inline std::vector<checker::Check> idle_checks(const CheckText& text, int status = 0, std::string_view message = {}) {
    Outcome outcome = test_text(text.text());
    INFO(text.text() << headlines(outcome));
    CHECK(outcome.test_status == status);
    CHECK(headlines(outcome).find(message) != std::string::npos);
    REQUIRE(outcome.config.ipvs.virtual_servers.size() == 1);
    CHECK(outcome.config.ipvs.virtual_servers[0].real_servers.at(0).checks.empty());
    CHECK(outcome.config.checker.checks.empty());
    return std::move(outcome.config.checker.idle);
}

inline checker::Check idle_check(const CheckText& text, int status = 0, std::string_view message = {}) {
    auto checks = idle_checks(text, status, message);
    INFO(text.text());
    REQUIRE(checks.size() == 1);
    return std::move(checks[0]);
}

/// What is special about the kind.
template <typename Kind>
Kind details(const CheckText& text, int status = 0, std::string_view message = {}) {
    const checker::Check check = idle_check(text, status, message);
    return *std::get<core::Boxed<Kind>>(check.identity.kind);
}

}  // namespace sustain::parser::test
