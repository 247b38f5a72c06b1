// spec/syntax.md section 13, by the tables there.
#include "parser/text/list.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

using sustain::parser::test::expand;

namespace {

std::string read(std::string_view repetition, std::string_view text = " <${I}>") {
    const auto result = expand(std::string(repetition) + std::string(text) + "\n");
    CAPTURE(repetition);
    CHECK(result.said.empty());
    return result.lines;
}

}  // namespace

TEST_CASE("values of ~LST") {
    CHECK(read("~LST(I,a,b,c)") == "<a>|<b>|<c>");
    CHECK(read("~LST(I,a)") == "<a>");
    CHECK(read("~LST(I,a,,b)") == "<a>|<>|<b>");
    CHECK(read("~LST(I,)") == "<>");
    CHECK(read("~LST(I,{a},{b})") == "<a>|<b>");
    CHECK(read("~LST(I,{},{b})") == "<>|<b>");
    CHECK(read("~LST (I,a)") == "<a>");
    CHECK(read("~LST(I,a)", "x${I}") == "xa");
    CHECK(read("~LST(I,(a,b{c)", " \"${I}\"") == "\"(a\"|\"b{c\"");
    CHECK(read("~LST({I,J},{a,b},{c,d})", " ${I}/${J}") == "a/b|c/d");
    CHECK(read("~LST({I,J},{a},{c,d})", " ${I}/${J}") == "a/|c/d");
    CHECK(read("~LST({I,J},a,b)", " ${I}/${J}") == "a/|b/");
    CHECK(read("~LST( { I , J } , { a , b } , { c , d } )", " ${I}/${J}") == "a/b|c/d");
    CHECK(read("~LST({I,J},{,b},{c,})", " ${I}/${J}") == "/b|c/");
    CHECK(read("~LST(I,a,b)", "\nx \"${I}\"") == "x \"${I}\"");
}

TEST_CASE("lists in lists and sequences") {
    CHECK(read("~LST(I,1,2) ~LST(J,3,4)", " ${I}/${J}") == "1/3|1/4|2/3|2/4");
    CHECK(read("~LST({I,J},{10,1},{20,4}) ~SEQ(K,1,2)", " ${I}/${J}/${K}") == "10/1/1|10/1/2|20/4/1|20/4/2");
    CHECK(read("~SEQ(K,1,2) ~LST(I,a,b)", " ${K}/${I}") == "1/a|1/b|2/a|2/b");
}

TEST_CASE("references as values") {
    CHECK(read("$A=3\n~LST(I,$A,b)", " x${I},y") == "x3,y|xb,y");
    CHECK(read("$A=3\n~LST(I,$A,b)", " x${I}.y") == "x$A.y|xb.y");  // what follows it there decides
}

TEST_CASE("lists that are refused") {
    struct Row {
        std::string_view written;
        std::string_view message = "Invalid ~LST specification";
    };
    for (const Row& row : {Row{"~LST(I)"},
                           {"~LST()"},
                           {"~LST({I,J},{a,b,c})", "~LST specification has too many values"},
                           {"~LST(I,{a,b})", "~LST specification has too many values"},
                           {"~LST({I},{b,})", "~LST specification has too many values"},
                           {"~LST(I, a b, c)"},
                           {"~LST(I,\"a b\",c)"},
                           {"~LST(I,a,b"},
                           {"~LST({I,J,{a,b})"},
                           {"~LST({I}{J},{b})"},
                           {"~LST({I},{b}{c})"},
                           {"~LST({I J},{b})"},
                           {"~LST({I},{b c})"},
                           {"~LST(I,{a)"},
                           {"~LST(I,a})"},
                           {"~LST I,a)"},
                           {"~LSTx(I,a)"},
                           {"~LST(I,${A},b)"},
                           {"~LST(I J,a)"},
                           {"~LST"}}) {
        const std::string text = std::string(row.written) + " router_id x";
        const auto result = expand(text + "\nk\n");
        CHECK(result.said == "(Line 1) " + std::string(row.message) + " '" + text + "'\n");
        CHECK(result.status == 5);
        CHECK(result.lines == "k");
    }
    CHECK(expand("$A=1\n~lst(I,a) $A\n").lines == "~lst(I,a) $A");
}
