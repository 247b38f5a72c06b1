// spec/syntax.md section 11: parameters of several lines.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using sustain::parser::test::expand;

namespace {

std::string read(std::string_view text) {
    const auto result = expand(text);
    CHECK(result.said.empty());
    return result.lines;
}

}  // namespace

TEST_CASE("definitions of several lines") {
    CHECK(read("$X=a \\\n  b   \\\n\tc\nd\n$X\n") == "d|a|b|c");
    CHECK(read("$X= \\\n a \\\n b\n$X\n") == "a|b");
    CHECK(read("$X=a \\\n\\\n  \\\n b\n$X\n") == "a|b");  // a backslash alone adds nothing

    CHECK(read("$X=C:\\\\\nb\n$X\nc\n") == "C:\\|b|c");
    CHECK(read("$X=a \\\r\n b\r\n$X\r\n") == "a|b");
    CHECK(read("$X=a \\\n b \\").empty());                                         // the end ends it
    CHECK(read("$X=a \\\n $Y=1 \\\n @other b \\\n include c\n$Y=2\nx\n") == "x");  // nothing is evaluated
}

TEST_CASE("what ends a definition") {
    CHECK(read("$X=a \\\n\nb\n$X\n") == "b|a");
    CHECK(read("$X=a \\\n# comment\nb\n$X\n") == "b|a");
    const auto hidden = expand("$X=a \\\n b # comment \\\nc\n$X\n");
    CHECK(hidden.lines == "c|a|b");
    CHECK(hidden.said == "(Line 2) A definition ends at a comment\n");
    CHECK(hidden.status == 0);
    CHECK(read("@other $X=a \\\nb\n$X\n") == "b|$X");  // only the first line is dropped
}

TEST_CASE("uses of several lines") {
    CHECK(read("$X=a \\\nb\nk $X\nl\n") == "k a|b|l");
    CHECK(read("$X=a \\\nb\nk { $X  \n}\n") == "k |{|a|b|}");
    CHECK(read("$X=a \\\nb\nk $X l\n") == "k $X l");  // nothing may follow
    CHECK(expand("$X=a \\\nb\nk { $X }\n").lines == "k |{|$X |}");
    CHECK(read("$X=a \\\n${N} \\\n{ c\n$N=1\n$X\n$N=2\n$X\n}}\n") == "a|1|{|c|a|2|{|c|}|}");
    CHECK(read("$X= \\\n@main a \\\n@other b \\\n$N=1 \\\nc$N\n$X\n") == "a|c1");
    CHECK(read("$X= \\\n~SEQ(I,2) a$I \\\nb$I\n$X\n") == "a1|a2|b2");
    CHECK(read("$X=@main a \\\n@main b\n$X\n") == "@main a|b");  // the first line is inserted, not a line of its own
}

TEST_CASE("parameters of several lines in each other") {
    CHECK(read("$A=a \\\n$B\n$B=b \\\nc\n$A\nd\n") == "a|b|c|d");
    CHECK(read("$A=a $B \\\ne\n$B=b \\\nc\n$A\nd\n") == "a b|c|e|d");
    CHECK(read("$A=a \\\n$B \\\nd\n$B=b \\\nc\n~SEQ(I,2) $A\ne\n") == "a|b|c|d|a|b|c|d|e");
    CHECK(read("$A=x$I \\\ny$I\n~SEQ(I,2) k { $A\n~SEQ(I,2) }\n") == "k |{|x1|y1|k |{|x2|y2|}|}");
}
