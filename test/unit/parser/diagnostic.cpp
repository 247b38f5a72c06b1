#include "parser/diagnostic.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "parser/excerpt.hpp"

using namespace sustain::parser;

namespace {

/// The first diagnostic of a text, without the folder of the file.
std::string first(std::string_view text) {
    const Outcome outcome = test::test_text(text);
    if (outcome.diagnostics.empty()) {
        return {};
    }
    Diagnostic diagnostic = outcome.diagnostics.front();
    diagnostic.file = "k.conf";
    return to_text(diagnostic);
}

}  // namespace

TEST_CASE("a diagnostic shows the line and points at the word") {
    CHECK(first("vrrp_instance A { virtual_router_id 1\n\tpriority\t300   # too high\ninterface eth0 }\n") ==
          "(k.conf: Line 2) number '300' outside range [1, 255]\n"
          "  k.conf:2:11: syntax: bad number\n"
          "    priority 300   # too high\n"
          "             ^~~\n"
          "  hint: priority takes a number from 1 to 255");
    CHECK(first("global_defs {\n  rooter_id x\n}\n") ==
          "(Line 2) Unknown keyword 'rooter_id'\n"
          "  k.conf:2:3: syntax: unknown keyword\n"
          "    rooter_id x\n"
          "    ^~~~~~~~~\n"
          "  hint: did you mean router_id?");
}

TEST_CASE("columns count bytes, carets count characters") {
    CHECK(first("virtual_server 192.0.2.1 80 {\nprotocol \"größer\" # 设置\nlvs_sched rr }\n") ==
          "(k.conf: Line 2) Unknown protocol größer - ignoring\n"
          "  k.conf:2:10: meaning: error\n"
          "    protocol \"größer\" # 设置\n"
          "             ^~~~~~~~\n"
          "  hint: TCP, UDP or SCTP");
    CHECK(first("global_defs { router_id \\#1 }\nfoo \"x\n").find("k.conf:2:1:") != std::string::npos);
}

TEST_CASE("what is said about the whole points at its cause") {
    CHECK(first("global_defs {\nrouter_id x\n") ==
          "There are 1 missing '}'s or extra '{'s\n"
          "  k.conf:1:1: syntax: missing brace\n"
          "    global_defs {\n"
          "    ^~~~~~~~~~~\n"
          "  hint: the block global_defs that begins here is never closed");
    CHECK(first("{\n") ==
          "(k.conf: Line 1) Unexpected '{' - ignoring\n"
          "  k.conf:1:1: syntax: unexpected brace\n"
          "    {\n"
          "    ^");
}

TEST_CASE("excerpts") {
    CHECK(cut_excerpt("  foo bar\r", 6, 3).text == "foo bar?");
    CHECK(cut_excerpt("  foo bar", 6, 3).caret == 4);
    CHECK(cut_excerpt("  foo bar", 6, 3).width == 3);
    CHECK(cut_excerpt("a\tb\x1b[31m\xff\xc2\x9b", 0, 1).text == "a b?[31m???");
    CHECK(cut_excerpt("a\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf", 0, 1).text == "a?????????");
    CHECK(cut_excerpt("", 0, 1).text.empty());
    CHECK(cut_excerpt("abc", 99, 5).caret == 3);
    const Excerpt far = cut_excerpt(std::string(500, 'x') + " here " + std::string(500, 'y'), 501, 4);
    CHECK(far.text.size() < 110);
    CHECK(far.text.substr(far.caret, far.width) == "here");
    CHECK(far.text.starts_with("..."));
    CHECK(far.text.ends_with("..."));
    CHECK(printable("a\nb\x7f\xe4\xbd\xa0") == "a?b?\xe4\xbd\xa0");
    CHECK(printable(std::string(5000, 'x')).size() < 1500);
}

TEST_CASE("many problems are counted, not all kept, and cannot crowd out errors") {
    std::string text = "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n";
    for (int i = 0; i < 2000; ++i) {
        text += "include no-such-file\n";
    }
    text += "nonsense\nreal_server 192.0.2.2 80 {\n}\n}\n";
    const Outcome outcome = test::test_text(text);
    CHECK(outcome.test_status == 5);
    CHECK(outcome.diagnostics.size() < 1000);
    CHECK(test::headlines(outcome).find("Unknown keyword 'nonsense'") != std::string::npos);
    CHECK(headline(outcome.diagnostics.back()) == "1500 more");
}

TEST_CASE("a password is not shown, whatever is wrong with its line") {
    for (const std::string line :
         {"auth_pass geheim123456789", "auth_pass \"geheim", "auth_type PAS auth_pass geheim", "auth_pas geheim"}) {
        const Outcome outcome = test::test_text(
            "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n"
            "authentication {\n" +
            line + "\n}\n}\n");
        REQUIRE_FALSE(outcome.diagnostics.empty());
        for (const Diagnostic& diagnostic : outcome.diagnostics) {
            INFO(to_text(diagnostic));
            CHECK(to_text(diagnostic).find("geheim") == std::string::npos);
        }
    }
}
