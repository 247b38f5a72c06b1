// Mistyped keywords and stray braces: one mistake is one diagnostic, and what follows is still checked.
#include <catch2/catch.hpp>

#include <ctime>

#include "fixture.hpp"
#include "parser/examine.hpp"

namespace {

using namespace sustain::parser;
using test::FakeMachine;
using test::Folder;

struct Seen {
    std::string said;
    int status = 0;
};

/// What examine() says to people, and its verdict.
Seen examined(std::string_view text) {
    const Folder folder;
    const FakeMachine machine;
    Outcome outcome = examine({.file = folder.write("k.conf", text), .config_id = "main", .strict = true}, machine);
    return {test::headlines(outcome), outcome.test_status};
}

constexpr std::string_view kInstance =
    "vrrp_instance V {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n  192.0.2.1\n }\n}\n";

}  // namespace

TEST_CASE("The block of a mistyped keyword is read as the block that was meant", "[recovery]") {
    const Seen seen = examined(
        "vrrp_instance V {\n interface eth0\n virtual_router_id 5\n virtual_ipadress {\n  192.0.2.1\n  192.0.2.300\n "
        "}\n"
        " authentification {\n  auth_type PASS\n  auth_pass secret\n }\n priority 300\n}\n");
    CHECK(seen.status == 5);
    CHECK(seen.said ==
          "(k.conf: Line 4) Unknown keyword 'virtual_ipadress'\n"
          "(k.conf: Line 6) VRRP parsed invalid IP 192.0.2.300. skipping IP...\n"
          "(k.conf: Line 8) Unknown keyword 'authentification'\n"
          "(k.conf: Line 12) number '300' outside range [1, 255]\n");
}

TEST_CASE("The block of an unknown keyword is skipped, the rest of the enclosing block is not", "[recovery]") {
    const Seen seen =
        examined("global_defs {\n future_block {\n  size 3\n  more {\n  }\n }\n router_id lb1\n smtp_alert maybe\n}\n");
    CHECK(seen.status == 5);
    CHECK(seen.said ==
          "(Line 2) Unknown keyword 'future_block'\n"
          "(Line 8) Invalid smtp_alert parameter maybe\n");
}

TEST_CASE("A mistyped keyword has no consequences", "[recovery]") {
    const Seen seen = examined(
        "vrrp_instance V {\n interface eth0\n virtual_router_idd 5\n virtual_ipaddress {\n  192.0.2.1\n }\n}\n");
    CHECK(seen.status == 5);
    CHECK(seen.said == "(k.conf: Line 3) Unknown keyword 'virtual_router_idd'\n");
}

TEST_CASE("A mistyped block keyword without a block", "[recovery]") {
    const Seen seen = examined("global_deffs\n" + std::string(kInstance));
    CHECK(seen.said == "(k.conf: Line 1) Unknown keyword 'global_deffs'\n");
}

TEST_CASE("More unknown keywords than are said cost what other lines cost", "[recovery]") {
    const auto cost = [](std::string_view line) {
        const std::clock_t begin = std::clock();  // of this process alone: the machine may be busy
        const Seen seen = examined("~SEQ(I,100000) " + std::string(line) + "\n");
        CHECK(seen.status == 5);
        return static_cast<double>(std::clock() - begin);
    };
    // Looking for what each was meant to be took eight times as long.
    CHECK(cost("vrrp_instanze_of_$I x") < 4 * cost("child_wait_time x$I"));
}

TEST_CASE("A brace too many", "[recovery]") {
    SECTION("at the end") {
        const Seen seen = examined(std::string(kInstance) + "}\n");
        CHECK(seen.status == 5);
        CHECK(seen.said == "(Line 8) Extra '}' found\n");
    }
    SECTION("within a block") {
        const Seen seen = examined(
            "vrrp_instance V {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n  192.0.2.1\n }}\n"
            " priority 5\n track_interface {\n  eth1\n }\n}\nnonsense\n");
        CHECK(seen.said ==
              "(k.conf: Line 7) Unknown keyword 'priority'\n(k.conf: Line 12) Unknown keyword 'nonsense'\n");
    }
    SECTION("open, without a keyword") {
        const Seen seen = examined("global_defs {{\n router_id a\n}\n}\n{\n}\n" + std::string(kInstance));
        CHECK(seen.said == "(Line 1) Unexpected '{' - ignoring\n(k.conf: Line 5) Unexpected '{' - ignoring\n");
    }
    SECTION("open, behind a statement") {
        const Seen seen = examined("global_defs {\n router_id a {\n  smtp_alert on\n }\n lvs_flush\n}\n");
        CHECK(seen.said == "(Line 2) Unexpected '{' - ignoring\n");
    }
    SECTION("open, among entries") {
        const Seen seen = examined("static_ipaddress {\n 192.0.2.5/32 dev eth0 {\n 192.0.2.6/32 dev eth0\n }\n}\n" +
                                   std::string(kInstance));
        CHECK(seen.said == "(k.conf: Line 2) VRRP parsed invalid IP {. skipping IP...\n");
    }
}

TEST_CASE("A brace is missing", "[recovery]") {
    SECTION("before the next block at the top") {
        const Seen seen = examined(
            "vrrp_instance A {\n interface eth0\n virtual_router_id 6\n virtual_ipaddress {\n  192.0.2.2\n }\n" +
            std::string(kInstance) + std::string(kInstance));
        CHECK(seen.status == 5);
        CHECK(seen.said ==
              "(k.conf: Line 7) Missing '}' before vrrp_instance\n"
              "(k.conf: Line 14) vrrp instance V already defined\n");
    }
    SECTION("of a list, too") {
        const Seen seen = examined(
            "vrrp_instance A {\n interface eth0\n virtual_router_id 6\n virtual_ipaddress {\n"
            "  192.0.2.2\n" +
            std::string(kInstance));
        CHECK(seen.said == "(k.conf: Line 6) Missing '}' before vrrp_instance\n");
    }
    SECTION("at the end") {
        const Seen seen = examined("global_defs {\n router_id a\n");
        CHECK(seen.said == "There are 1 missing '}'s or extra '{'s\n");
    }
    SECTION("of a block that is skipped") {
        const Folder folder;
        const Outcome outcome =
            examine({.file = folder.write("k.conf", "foo {\n bar {\n}\n"), .config_id = {}}, FakeMachine());
        CHECK(test::headlines(outcome) ==
              "(k.conf: Line 1) Unknown keyword 'foo'\nThere are 1 missing '}'s or extra '{'s\n");
        CHECK(outcome.diagnostics.back().location.line == 1);
        CHECK(outcome.diagnostics.back().location.column == 5);
    }
    SECTION("at the beginning of a block") {
        const Seen seen = examined("global_defs\n router_id a\n}\n");
        CHECK(seen.said == "(Line 2) Missing '{' at beginning of configuration block\n");
    }
    SECTION("for the passes that see a comment") {
        const Seen seen = examined("global_defs { router_id rack\\#4 }\n");
        CHECK(seen.status == 5);
        CHECK(seen.said == "There are 1 missing '}'s or extra '{'s\n");
    }
}

TEST_CASE("A missing interface is said once, whatever needed one", "[recovery]") {
    const Seen seen = examined("vrrp_instance V {\n virtual_router_id 5\n virtual_ipaddress {\n  192.0.2.1\n }\n}\n");
    CHECK(seen.status == 5);
    CHECK(seen.said == "(V) Unknown interface!\n");
}

TEST_CASE("What is right is said nothing about", "[recovery]") {
    const Seen seen = examined(kInstance);
    CHECK(seen.status == 0);
    CHECK(seen.said.empty());
}
