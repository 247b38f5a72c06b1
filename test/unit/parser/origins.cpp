// What a diagnostic says about the way that the text came.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain::parser;

namespace {

/// The diagnostics of a text, without the folder of the file.
std::string said(std::string_view text, const std::string& name = "k.conf") {
    const test::Folder folder;
    const Outcome outcome =
        load({.file = folder.write(name, text), .config_id = {}, .strict = true}, test::FakeMachine());
    std::string result;
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
        result += to_text(diagnostic) + "\n";
    }
    for (auto at = result.find(folder.path("")); at != std::string::npos; at = result.find(folder.path(""))) {
        result.erase(at, folder.path("").size());
    }
    for (auto at = result.find("(k.conf: Line"); at != std::string::npos; at = result.find("(k.conf: Line")) {
        result.erase(at + 1,
                     std::string_view("k.conf: ").size());  // which passes of keepalived say it is not the point
    }
    return result;
}

}  // namespace

TEST_CASE("a parameter: its use is marked, its definition named") {
    CHECK(said("$A=b {\n  x${A}\n") ==
          "(Line 2) Unknown keyword 'xb'\n"
          "  k.conf:2:3: syntax: unknown keyword\n"
          "    x${A}\n"
          "    ^~~~~\n"
          "(Line 2) Unexpected '{' - ignoring\n"
          "  k.conf:2:4: syntax: unexpected brace\n"
          "    x${A}\n"
          "     ^~~~\n"
          "  defined at k.conf:1:1\n"
          "There are 1 missing '}'s or extra '{'s\n"
          "  k.conf:2:4: syntax: missing brace\n"
          "    x${A}\n"
          "     ^\n"
          "  defined at k.conf:1:1\n"
          "  hint: the text ends here\n");
}

TEST_CASE("parameters in each other, from the inside out") {
    const std::string text = said("$B=wrong\n\n  $A=$B\nglobal_defs {\n $A x\n}\n");
    CHECK(text ==
          "(Line 5) Unknown keyword 'wrong'\n"
          "  k.conf:5:2: syntax: unknown keyword\n"
          "    $A x\n"
          "    ^~\n"
          "  defined at k.conf:1:1\n"
          "  defined at k.conf:3:3\n");
}

TEST_CASE("what follows an inserted value is where it stands") {
    const std::string text = said("$A=router_id\nglobal_defs {\n$A x } fooo $A\n");
    CHECK(text ==
          "(Line 3) Unknown keyword 'fooo'\n"
          "  k.conf:3:8: syntax: unknown keyword\n"
          "    $A x } fooo $A\n"
          "           ^~~~\n");
    CHECK(said("$A=x\\#\nglobal_defs { router_id $A } foo\n").find("'foo'") == std::string::npos);  // a comment
    CHECK(said("$A=${B}${B}\n$B=\n$C=\n ${A}${C} fooo\n").find("k.conf:4:11:") != std::string::npos);
}

TEST_CASE("lines of a parameter of several") {
    CHECK(said("$A=global_defs { \\\n  foo \\\n }\n$A\n") ==
          "(Line 4) Unknown keyword 'foo'\n"
          "  k.conf:4:1: syntax: unknown keyword\n"
          "    $A\n"
          "    ^~\n"
          "  defined at k.conf:2:3\n");
}

TEST_CASE("rounds of repetitions tell the values of their variables") {
    CHECK(said("~LST({I,K},{1,a},{2,b}) ~SEQ(J,4,5) @^x fo${I}\n")
              .find("  k.conf:1:41: syntax: unknown keyword\n"
                    "    ~LST({I,K},{1,a},{2,b}) ~SEQ(J,4,5) @^x "
                    "fo${I}\n"
                    "                                            "
                    "^~~~~~\n"
                    "  with I=1, K=a, J=4 at k.conf:1:1\n") != std::string::npos);
    CHECK(said("$A= \\\nx \\\n~SEQ(I,1) foo${I}\n$A\n") ==
          "(Line 4) Unknown keyword 'x'\n"
          "  k.conf:4:1: syntax: unknown keyword\n"
          "    $A\n"
          "    ^~\n"
          "  defined at k.conf:2:1\n"
          "(Line 4) Unknown keyword 'foo1'\n"
          "  k.conf:4:1: syntax: unknown keyword\n"
          "    $A\n"
          "    ^~\n"
          "  with I=1 at k.conf:3:1\n");
    CHECK(said("~SEQ(I,1) $X=1\nfoo$I\n").find("  defined at k.conf:1:1\n") == std::string::npos);
}

TEST_CASE("included files") {
    const test::Folder folder;
    folder.write("c.conf", "foo\n");
    folder.write("b.conf", "\n  include c.conf\n");
    const Outcome outcome = load({.file = folder.write("a.conf", "include b.conf\n"), .config_id = {}, .strict = true},
                                 test::FakeMachine());
    REQUIRE(outcome.diagnostics.size() == 1);
    const auto& origins = outcome.diagnostics.front().origins;
    REQUIRE(origins.size() == 2);
    CHECK(origins[0] == "included at b.conf:2:11");
    CHECK(origins[1] == "included at " + folder.path("a.conf") + ":1:9");
}
