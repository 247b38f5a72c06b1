// spec/syntax.md section 9.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using sustain::parser::test::expand;

namespace {

std::string read(std::string_view text, const std::string& id = "main") {
    const auto result = expand(text, id);
    CHECK(result.said.empty());
    return result.lines;
}

}  // namespace

TEST_CASE("a condition keeps the text for its configuration id") {
    CHECK(read("@main a b\n@backup c\n@^main d\n@^backup e\n") == "a b|e");
    CHECK(read("@main\ta\n@main \t  b\n") == "a|b");
    CHECK(read("  @main a\n") == "a");
}

TEST_CASE("the whole word counts, byte by byte") {
    CHECK(read("@Main a\n@mai a\n@mainx a\n@main: a\n").empty());
    CHECK(read("@a.b-c a\n", "a.b-c") == "a");
    CHECK(read("@^^main a\n@^^main b\n", "^main") == "");  // only one ^ negates
    CHECK(read("@$X a\n", "$X") == "a");                   // compared before parameters are inserted
    CHECK(read("$X=main\n@$X a\n").empty());
}

TEST_CASE("an id without text keeps nothing, no id is the empty one") {
    CHECK(read("@main\n@main   \n@^backup\n").empty());
    CHECK(read("@ a\n@^ b\n") == "b");
    CHECK(read("@ a\n@^ b\n", "") == "a");
    CHECK(read("@\n@^\n").empty());
}

TEST_CASE("a condition that is false drops the rest of its text, not more") {
    CHECK(expand("@backup a {\nb\n}\n").lines == "b|}");
    CHECK(read("a { @backup b }\nc }\n") == "a |{|c |}");
    CHECK(read("a { @main b }\n") == "a |{|b |}");
    CHECK(read("a\n@main {\n@backup {\n@main }\n") == "a|{|}");
}

TEST_CASE("one condition a text") {
    CHECK(read("@main @main a\n") == "@main a");
    CHECK(read("@main a @main b\n") == "a @main b");
    CHECK(read("@main $X=1\n@backup $X=2\n$X\n") == "1");
    CHECK(read("@main ~SEQ(I,2) a$I\n@^main ~SEQ(I,2) b$I\n") == "a1|a2");
    CHECK(read("~SEQ(I,2) @main a$I\n~SEQ(I,2) @^main b$I\n") == "a1|a2");
}
