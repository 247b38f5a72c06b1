#include "parser/comment.hpp"

#include <catch2/catch.hpp>

using namespace sustain::parser;

namespace {

struct Result {
    std::string text;
    std::size_t later;
    bool unterminated;
};

Result strip(std::string_view line) {
    std::string buffer;
    Columns columns;
    const Stripped stripped = strip_comment(line, buffer, columns);
    return {std::string(stripped.text), stripped.later, stripped.unterminated};
}

}  // namespace

TEST_CASE("comments and trimming") {
    CHECK(strip("  \tfoo bar \t ").text == "foo bar");
    CHECK(strip("# all of it").text.empty());
    CHECK(strip("  ! all of it").text.empty());
    CHECK(strip("tcp 900#glued").text == "tcp 900");
    CHECK(strip("router_id \"rack #4 ! left\" # rest").text == "router_id \"rack #4 ! left\"");
    CHECK(strip("a 'b # c'").text == "a 'b");
    CHECK(strip("a # 19\" rack").unterminated == false);
    CHECK(strip("a \"b").unterminated);
    CHECK(strip("a \"b").text == "a \"b");
    CHECK(strip("").text.empty());
    CHECK(strip("\x80\xff#x").text == "\x80\xff");
}

TEST_CASE("escapes of the comment characters") {
    CHECK(strip(R"(id \#4)").text == "id #4");
    CHECK(strip(R"(id \#4)").later == 2);
    CHECK(strip(R"(id x\!4 # c)").text == "id x!4");
    CHECK(strip(R"(id x\!4 # c)").later == 4);
    CHECK(strip(R"(id \\# c)").text == R"(id \\)");
    CHECK(strip(R"(id "\#" x)").text == R"(id "\#" x)");
    CHECK(strip(R"(id "a\" b)").text == R"(id "a\" b)");
    CHECK(strip(R"(id "a\" b)").unterminated);
    CHECK_FALSE(strip(R"(id "a\" b")").unterminated);
}

TEST_CASE("a backslash at the end sticks to the text") {
    CHECK(strip("a b \\").text == "a b\\");
    CHECK(strip("a b\\").text == "a b\\");
    CHECK(strip("  \\").text == "\\");
    CHECK(strip("a \\#b  \\").text == "a #b\\");
    CHECK(strip("a \\#b  \\").later == 1);
}

TEST_CASE("columns survive a changed line") {
    std::string buffer;
    Columns columns;
    const Stripped stripped = strip_comment("  a \\#b c  \\", buffer, columns);
    REQUIRE(stripped.changed);
    REQUIRE(stripped.text == "a #b c\\");
    CHECK(columns.at(0).column == 3);   // a
    CHECK(columns.at(2).column == 6);   // #
    CHECK(columns.at(5).column == 9);   // c
    CHECK(columns.at(6).column == 12);  // the backslash
}
