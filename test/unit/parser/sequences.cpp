// spec/syntax.md section 12, by the tables there.
#include "parser/text/sequence.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

using sustain::parser::test::expand;

namespace {

/// The lines that a repetition in front of this text makes.
std::string read(std::string_view repetition, std::string_view text = " $I") {
    const auto result = expand(std::string(repetition) + std::string(text) + "\n");
    CAPTURE(repetition);
    CHECK(result.said.empty());
    return result.lines;
}

}  // namespace

TEST_CASE("values of ~SEQ") {
    CHECK(read("~SEQ(I,3)") == "1|2|3");
    CHECK(read("~SEQ(I,1)") == "1");
    CHECK(read("~SEQ(I,0)") == "1|0");
    CHECK(read("~SEQ(I,-2)") == "-1|-2");
    CHECK(read("~SEQ(I,1,3)") == "1|2|3");
    CHECK(read("~SEQ(I,3,1)") == "3|2|1");
    CHECK(read("~SEQ(I,2,2)") == "2");
    CHECK(read("~SEQ(I,-1,1)") == "-1|0|1");
    CHECK(read("~SEQ(I,1,2,6)") == "1|3|5");
    CHECK(read("~SEQ(I,6,-2,1)") == "6|4|2");
    CHECK(read("~SEQ(I,2,-5,2)") == "2");
    CHECK(read("~SEQ ( I , 1 , 2 )") == "1|2");
    CHECK(read("~SEQ\t(\tI\t,\t1\t,\t2\t)\t") == "1|2");
    CHECK(read("~SEQ(I,+1,+2)") == "1|2");
    CHECK(read("~SEQ(I,0x0e,0x10)") == "14|15|16");
    CHECK(read("~SEQ(I,010,012)") == "8|9|10");
    CHECK(read("~SEQ(I,,2)") == "0|1|2");
    CHECK(read("~SEQ(I,)") == "1|0");
    CHECK(read("~SEQ(I,,)") == "0");
    CHECK(read("~SEQ(I,,1,)") == "0");
    CHECK(read("~SEQ(I,9223372036854775806,9223372036854775807)") == "9223372036854775806|9223372036854775807");
    CHECK(read("~SEQ(I,99999999999999999999,99999999999999999999)") == "9223372036854775807");
    CHECK(read("~SEQ(I,-9223372036854775808,9223372036854775807,9223372036854775807)") ==
          "-9223372036854775808|-1|9223372036854775806");
}

TEST_CASE("values of ~SEQx") {
    CHECK(read("~SEQx(I,0x0e,0x11)") == "e|f|10|11");
    CHECK(read("~SEQx(I,14,17)") == "e|f|10|11");
    CHECK(read("~SEQx(I,2,-1,0)") == "2|1|0");
}

TEST_CASE("sequences in sequences, and what may be repeated") {
    CHECK(read("~SEQ(I,1,2) ~SEQ(J,3,4)", " ${I}-${J}") == "1-3|1-4|2-3|2-4");
    CHECK(read("~SEQ(I,1,2) ~SEQ(J,1,$I)", " ${I}-${J}") == "1-1|2-1|2-2");
    CHECK(read("~SEQ(I,1,2)~SEQ(J,1,${I})", "${I}-${J}") == "1-1|2-1|2-2");
    CHECK(read("~SEQ(I,2)", " a$I { b$I }") == "a1 |{|b1 |}|a2 |{|b2 |}");
    CHECK(read("~SEQ(I,2)", " $X=${I}y\nx$X") == "x2y");
    CHECK(read("~SEQ(I,3)", "\na$I") == "a$I");           // nothing to repeat
    CHECK(read("~SEQ(I,2)", " a$I\nb$I") == "a1|a2|b2");  // the last value stays
    CHECK(read("~SEQ(I,2)", " a ${I} # $I") == "a 1|a 2");
    CHECK(read("~SEQ(I,2)", " a\\") == "a\\|a\\");
    CHECK(read("a { ~SEQ(I,2)", " b$I\n}") == "a |{|b1|b2|}");
    CHECK(read("a ~SEQ(I,2)") == "a ~SEQ(I,2) $I");  // only at the start of a text
}

TEST_CASE("numbers from parameters") {
    CHECK(read("$A=2\n~SEQ(I,$A)") == "1|2");
    CHECK(read("$A=2,3\n~SEQ(I,${A} ,4)").empty() == false);
    CHECK(read("$A=1,3\n~SEQ(I,$A)") == "1|2|3");
    CHECK(read("$A=1,2\n$B=${A},5\n~SEQ(I,$B)") == "1|3|5");
    CHECK(read("~SEQ(I,${_RANDOM 2 2})") == "1|2");
}

TEST_CASE("sequences that are refused") {
    struct Row {
        std::string_view written;
        std::string_view message;
    };
    for (const Row& row : {Row{"~SEQ(I,1,-1,3)", "Invalid ~SEQ values"},
                           {"~SEQ(I,3,1,1)", "Invalid ~SEQ values"},
                           {"~SEQ(I,1,0,3)", "Invalid ~SEQ values"},
                           {"~SEQ(I,2,0,2)", "Invalid ~SEQ values"},
                           {"~SEQ(I,1,2,3,4)", "Invalid ~SEQ definition"},
                           {"~SEQ(I)", "Invalid ~SEQ definition"},
                           {"~SEQ()", "Invalid ~SEQ definition"},
                           {"~SEQ(,1,2)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,a,b)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,1,b)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,1 2)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,1.5,2)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,08)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,-)", "Invalid ~SEQ definition"},
                           {"~SEQ(I J,1,2)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,1,2", "~SEQ missing terminating ')'"},
                           {"~SEQ I,1,2)", "Invalid ~SEQ specification"},
                           {"~SEQX(I,1,2)", "Invalid ~SEQ specification"},
                           {"~SEQxx(I,1,2)", "Invalid ~SEQ specification"},
                           {"~SEQ x(I,1,2)", "Invalid ~SEQ specification"},
                           {"~SEQ", "Invalid ~SEQ specification"},
                           {"~SEQx(I,-1,2)", "~SEQx is only valid for positive numbers"},
                           {"~SEQx(I,-2)", "~SEQx is only valid for positive numbers"},
                           {"~SEQ({I},1,2)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,${UNDEFINED},3)", "Invalid ~SEQ definition"},
                           {"~SEQ(I,11111111111111111111,22222222222222222222,333333333333333333333)",
                            "~SEQ parameter strings too long"}}) {
        const std::string text = std::string(row.written) + " router_id x";
        const auto result = expand(text + "\nk\n");
        CHECK(result.said == "(Line 1) " + std::string(row.message) + " '" + text + "'\n");
        CHECK(result.status == 5);
        CHECK(result.lines == "k");
    }
    CHECK(expand("$M=1 \\\n2\n~SEQ(I,$M) x\n").said ==
          "(Line 3) ~SEQ parameter is multiline definition '~SEQ(I,$M) x'\n");
    CHECK(expand("~seq(I,1,2) $I\n").lines == "~seq(I,1,2) $I");
}
