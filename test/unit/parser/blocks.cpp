// Blocks and what errors make of the lines around them (spec/syntax.md section 6), beyond the examples.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain::parser;

namespace {

std::string said(std::string_view text) {
    return test::headlines(test::test_text(text));
}

bool says(std::string_view text, std::string_view part) {
    return said(text).find(part) != std::string::npos;
}

const std::string kServer =
    "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\nreal_server 192.0.2.2 80 {\n}\n}\n";

}  // namespace

TEST_CASE("the block of an unknown keyword is read at the level where it stands") {
    const Outcome outcome =
        test::test_text("global_defs {\n    future_block {\n        size 3\n    }\n    router_id lb1\n}\n");
    CHECK(test::headlines(outcome) ==
          "(Line 2) Unknown keyword 'future_block'\n(Line 2) Unexpected '{' - ignoring\n"
          "(Line 3) Unknown keyword 'size'\n(k.conf: Line 5) Unknown keyword 'router_id'\n"
          "(k.conf: Line 6) Unknown keyword '}'\n");
    CHECK(outcome.config.global.router_id.empty());
    CHECK(outcome.test_status == 5);
}

TEST_CASE("a refused block is skipped with all that is in it") {
    const Outcome outcome =
        test::test_text("virtual_server 192.0.2.300 80\n{\nnonsense {\nmore {\n}\n}\n}\n" + kServer);
    CHECK(outcome.diagnostics.size() == 1);
    CHECK(outcome.config.ipvs.virtual_servers.size() == 1);
    CHECK(outcome.config.has_checker);
}

TEST_CASE("a refusal without a block is forgotten") {
    CHECK(said("virtual_server 192.0.2.300 80\nglobal_defs {\nrouter_id x\n}\n").find("router_id") ==
          std::string::npos);
    CHECK(test::test_text("virtual_server x\nglobal_defs {\nrouter_id x\n}\n").config.global.router_id == "x");
}

TEST_CASE("quotes are looked at in blocks that are skipped") {
    CHECK_FALSE(says("vrrp_sync_group A B {\nfoo \"a b\"\n}\n", "foo"));
    CHECK(says("vrrp_sync_group A B {\nfoo \"a\\\"b\"\n}\n", "Unmatched quote: 'foo \"a\\\"b\"'"));
    CHECK(test::status("vrrp_sync_group A B {\nfoo \"a\\\"b\"\n}\n") == 5);
}

TEST_CASE("value blocks") {
    const std::string head = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n";
    CHECK(test::status(head + "virtual_ipaddress { 192.0.2.1\n192.0.2.2 }\n}\n") == 0);
    CHECK(says(head + "virtual_ipaddress 192.0.2.1 {\n192.0.2.2\n}\n}\n",
               "Block virtual_ipaddress has extra parameters 192.0.2.1 ..."));
    CHECK(says(head + "virtual_ipaddress {\n192.0.2.1 { 192.0.2.2 }\n}\n", "VRRP parsed invalid IP {. skipping IP..."));
    // without its brace the block is read, but its end is one brace too many
    const Outcome outcome = test::test_text(head + "virtual_ipaddress\n192.0.2.1\n}\n}\n");
    CHECK(outcome.test_status == 5);
    REQUIRE(outcome.config.vrrp.instances.size() == 1);
    CHECK(outcome.config.vrrp.instances[0].addresses.size() == 1);
}

TEST_CASE("a value block that ends before it begins") {
    CHECK(test::status(
              "vrrp_instance A {\n"
              "interface eth0\nvirtual_router_id 5\nvirtual_ipaddress {\n192.0.2.1\n}\ntrack_interface\n}\n") == 0);
}

TEST_CASE("blocks that are still open at the end count as closed") {
    const Outcome outcome = test::test_text(kServer.substr(0, kServer.size() - 4));
    CHECK(outcome.test_status == 5);
    CHECK(outcome.config.ipvs.virtual_servers.size() == 1);
    CHECK(says("virtual_server 192.0.2.1 80 {\n", "has no real servers - ignoring"));
}

TEST_CASE("comment characters cannot be escaped outside global_defs") {
    const auto router = test::test_text("global_defs {\nrouter_id rack\\#4\n}\n");
    CHECK(router.config.global.router_id == "rack#4");
    CHECK(router.test_status == 0);
    CHECK(test::status("global_defs { router_id rack\\#4 }\n") == 5);
    const auto instance = test::test_text(
        "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nauthentication {\nauth_type PASS\nauth_pass x\\#y\n}\n"
        "virtual_ipaddress {\n192.0.2.1\n}\n}\n");
    REQUIRE(instance.config.vrrp.instances.size() == 1);
    CHECK(instance.config.vrrp.instances[0].authentication.password.reveal() == "x");
}

TEST_CASE("missing parameters") {
    const char* const late = "vrrp_instance A {\nvirtual_router_id\n}\n";
    CHECK(test::status(late) == 2);
    CHECK(says(late,
               "*** Configuration line starting `virtual_router_id` is missing a parameter after keyword "
               "`virtual_router_id` at word position 2"));
    CHECK(test::load_text(late).vrrp_fatal == 2);
    CHECK_FALSE(test::load_text(late).checker_fatal.has_value());
    CHECK(test::load_text("virtual_server\n").checker_fatal == 2);
    CHECK(test::fatal_status(test::load_text("virtual_server fwmark\n")) == 2);
    CHECK(test::load_text("global_defs {\nsmtp_server\n}\n").parent_fatal == 2);
    CHECK(says("virtual_server_group\n", "`virtual_server_group` at word position 2"));
    // a failed include check outranks one outside of global_defs, as pass 1 ends before it is met
    CHECK(test::status(std::string(late) + "includea nowhere\n") == 6);
    CHECK(test::status("includea nowhere\nglobal_defs {\nsmtp_server\n}\n") == 2);
    CHECK(test::status("global_defs {\nrouter_id\n}\n") == 5);
    CHECK(says("global_defs {\nrouter_id\n}\n", "(Line 2) routerid name missing - ignoring"));
}

TEST_CASE("hints") {
    const auto hint = [](std::string_view text) { return test::test_text(text).diagnostics.at(0).hint; };
    CHECK(hint("vrrp_instanse A\n") == "did you mean vrrp_instance?");
    CHECK(hint("real_server 192.0.2.1 80\n") == "real_server belongs in virtual_server");
    CHECK(hint("global_defs {\nvirtual_server 1.2.3.4 80\n}\n") ==
          "virtual_server belongs to the top level, outside all blocks");
    CHECK(hint("auth_type PASS\n") == "auth_type belongs in vrrp_instance/authentication");
    CHECK(hint("global_defs {\nadvert_int 1\n}\n") == "advert_int belongs in vrrp_instance");
    CHECK(hint("completely_different\n").empty());
    CHECK(hint(std::string(500, 'x') + " {\n").empty());
}
