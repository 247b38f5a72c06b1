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

/// All checks of a configuration: those that run, then those that nothing runs yet.
inline std::vector<checker::Check> checks_in(const Outcome& outcome) {
    std::vector<checker::Check> checks = outcome.config.checker.checks;
    const auto& idle = outcome.config.checker.idle;
    checks.insert(checks.end(), idle.begin(), idle.end());
    return checks;
}

/// The checks of the real server; the status of -t is as expected, and this message is among the headlines.
inline std::vector<checker::Check> all_checks(const CheckText& text, int status = 0, std::string_view message = {}) {
    const Outcome outcome = test_text(text.text());
    INFO(text.text() << headlines(outcome));
    CHECK(outcome.test_status == status);
    CHECK(headlines(outcome).find(message) != std::string::npos);
    REQUIRE(outcome.config.ipvs.virtual_servers.size() == 1);
    const auto& known = outcome.config.ipvs.virtual_servers[0].real_servers.at(0).checks;
    CHECK(known.size() == outcome.config.checker.checks.size());
    return checks_in(outcome);
}

inline checker::Check only_check(const CheckText& text, int status = 0, std::string_view message = {}) {
    auto checks = all_checks(text, status, message);
    INFO(text.text());
    REQUIRE(checks.size() == 1);
    return std::move(checks[0]);
}

/// What is special about the kind.
template <typename Kind>
Kind details(const CheckText& text, int status = 0, std::string_view message = {}) {
    const checker::Check check = only_check(text, status, message);
    return *std::get<core::Boxed<Kind>>(check.identity.kind);
}

}  // namespace sustain::parser::test
