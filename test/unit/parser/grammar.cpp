#include "parser/grammar.hpp"

#include <catch2/catch.hpp>

using namespace sustain::parser;

namespace {

/// The words with | between them, quoted ones in <>; ! where a quote has no partner.
std::string words(std::string_view text) {
    ast::Line line;
    parse_line(text, line);
    if (line.shape != ast::Shape::statement) {
        return line.shape == ast::Shape::open ? "open" : "close";
    }
    std::string result;
    for (const ast::Word& word : line.words) {
        result +=
            (result.empty() ? "" : "|") + (word.quoted ? '<' + std::string(word.text) + '>' : std::string(word.text));
    }
    return result + (line.unmatched_quote != nullptr ? "!" : "");
}

}  // namespace

TEST_CASE("words") {
    CHECK(words(R"(a "b c" d)") == "a|<b c>|d");
    CHECK(words(R"(a"b c"d)") == "a|<b c>|d");
    CHECK(words(R"("a""b")") == "<a>|<b>");
    CHECK(words(R"("a"b)") == "<a>|b");
    CHECK(words(R"("")") == "<>");
    CHECK(words("'a b'") == "'a|b'");
    CHECK(words(R"(a\ b)") == R"(a\|b)");
    CHECK(words(R"("a\"b" c)") == R"(<a\>|b!)");
    CHECK(words(R"(a\"b)") == R"(a\!)");
    CHECK(words("a;b,c=d") == "a;b,c=d");
    CHECK(words("\va\f\tb\rc ") == "a|b|c");
    CHECK(words("a\xc2\xa0"
                "b \xff") ==
          "a\xc2\xa0"
          "b|\xff");
    CHECK(words("").empty());
    CHECK(words("  ").empty());
    CHECK(words("\"") == "!");
    CHECK(words(std::string_view("a\0b c", 5)) == std::string("a\0b|c", 5));
}

TEST_CASE("a brace is only a brace when it is all of the line") {
    CHECK(words("{") == "open");
    CHECK(words("}") == "close");
    CHECK(words("\"{\"") == "<{>");
    CHECK(words("\"}\"") == "<}>");
    CHECK(words("{ a") == "{|a");
}

TEST_CASE("where a quote without partner stands") {
    ast::Line line;
    const std::string_view text = "a \"b c";
    parse_line(text, line);
    CHECK(line.unmatched_quote == text.data() + 2);
    REQUIRE(line.words.size() == 1);
    CHECK(line.words[0].text == "a");
}
