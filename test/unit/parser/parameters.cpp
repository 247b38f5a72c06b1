// spec/syntax.md 10.1 to 10.4: definitions and their use, by the tables there.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using sustain::parser::test::expand;

namespace {

std::string read(std::string_view text) {
    return expand(text).lines;
}

}  // namespace

TEST_CASE("definitions") {
    CHECK(read("$T=   900   # seconds\ntcp $T\n") == "tcp 900");
    CHECK(read("$A=1\n$A=2\n$A\n") == "2");
    CHECK(read("$A=1 $B=2\n$A\n") == "1 $B=2");
    CHECK(read("$_x9=a;b {c}\n$_x9\n") == "a;b |{|c|}");
    CHECK(read("$A=\na $A b\n") == "a  b");
    CHECK(read("$A=\n$A\n").empty());
    CHECK(read("a {\n$A=1\n}\n$A\n") == "a |{|}|1");  // no scope
    CHECK(read("a { $A=1 }\n}\n$A\n") == "a |{|}|1 |}");
    CHECK(read("$A=\"b # c\" # d\n$A e\n") == "\"b # c\" e");
}

TEST_CASE("what only looks like a definition") {
    CHECK(read("$A=1\n$A =2\n$A\n") == "1 =2|1");
    CHECK(read("$A:=1\n$1A=1\n$A-B=1\n$=1\n$ä=1\n") == "$A:=1|$1A=1|$A-B=1|$=1|$ä=1");
    CHECK(read("x $A=1\n") == "x $A=1");
}

TEST_CASE("uses") {
    struct Row {
        std::string_view written;
        std::string_view read;
    };
    for (const Row& row : {Row{"$A", "x"},
                           {"${A}", "x"},
                           {"a$A", "ax"},
                           {"a${A}b", "axb"},
                           {"$A,y", "x,y"},
                           {"$A)y", "x)y"},
                           {"$A\ty", "x\ty"},
                           {"$A.y", "$A.y"},
                           {"$A/y", "$A/y"},
                           {"$A:y", "$A:y"},
                           {"$A;y", "$A;y"},
                           {"$A\"", "$A\""},
                           {"$$A", "$x"},
                           {"$${A}", "$x"},
                           {"\\$A", "\\x"},
                           {"\"$A\"", "\"$A\""},
                           {"\"$A z\"", "\"x z\""},
                           {"\"${A}\"", "\"x\""},
                           {"'${A}'", "'x'"},
                           {"$AB", "$AB"},
                           {"$a", "$a"},
                           {"d$", "d$"},
                           {"$ A", "$ A"},
                           {"\"${ A}\"", "\"${ A}\""},
                           {"\"${A }\"", "\"${A }\""},  // keepalived: "x}"
                           {"\"${A 1}\"", "\"${A 1}\""},
                           {"\"${AB}\"", "\"${AB}\""},
                           {"\"${A\"", "\"${A\""}}) {
        CAPTURE(row.written);
        CHECK(read("$A=x\nk " + std::string(row.written) + "\n") == "k " + std::string(row.read));
    }
}

TEST_CASE("values are looked up when they are used, and may refer to others") {
    CHECK(read("$A=${B}00\n$B=9\n$A\n") == "900");
    CHECK(read("$A=1\n$B=$A\n$A=2\n$B\n") == "2");
    CHECK(read("$A=b $B c\n$B=$C\n$C=d\na $A\n") == "a b d c");
    CHECK(read("$A=$\n$B=x\n${A}{B}\n${A}B\n") == "x|x");  // a reference made of both
    CHECK(read("$A=$F\n$FO=x\n${A}O\n") == "x");
    CHECK(read("$A=$B\n${A}.c\n") == "$B.c");  // undefined ones stay
}

TEST_CASE("what a value may become") {
    CHECK(read("$OPEN=a {\n$END=}\n$OPEN\nb\n$END\n") == "a |{|b|}");
    CHECK(read("$A=b } c\na { $A\n") == "a |{|b |}|c");
    CHECK(read("$A=b#c\na $A d\n") == "a b d");
    CHECK(read("$A=b\\#c\na $A d\n") == "a b");
    CHECK(read("$A=\"\na $A \" b\n") == "a \" \" b");
    CHECK(expand("$A=a \"b\n$A c\n").said ==
          "(Line 1) Unterminated quote '$A=a \"b'\n(Line 2) Unterminated quote 'a \"b c'\n");
}

TEST_CASE("steps that are over when a value is inserted") {
    CHECK(read("$A=@main\n$A b\n") == "@main b");
    CHECK(read("$A=$B=1\n$A\n") == "$B=1");
    CHECK(read("$A=~SEQ(I,2)\n$A b\n") == "~SEQ(I,2) b");
    CHECK(read("$A=~x\n$B=y\n$A $B\n") == "~x $B");  // what follows such a value is not searched
    CHECK(read("$B=y\n~x $B\n") == "~x $B");
    CHECK(read("$B=y\n~x $B { $B\n") == "~x $B |{|y");  // a brace begins a text
    CHECK(read("$A=@main b\nx { $A\n") == "x |{|b");    // likewise
}

TEST_CASE("a text does not grow beyond 1023 bytes") {
    const std::string value(1000, 'v');
    const auto fits = expand("$A=" + value + "\n" + std::string(22, 'k') + " $A\n");
    CHECK(fits.lines.size() == 1023);
    CHECK(fits.said.empty());
    const auto result = expand("$A=" + value + "\n" + std::string(23, 'k') + " $A\n");
    CHECK(result.lines == std::string(23, 'k') + " $A");
    CHECK(result.said == "(Line 2) $A would make the line longer than 1023 bytes: not replaced\n");
    CHECK(result.status == 0);  // only worth a line in the log
}
