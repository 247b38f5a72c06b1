// spec/syntax.md 10.5.
#include "parser/text/predefined.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>

#include "fixture.hpp"

using namespace sustain::parser;
using test::expand;

TEST_CASE("predefined parameters without arguments") {
    CHECK(expand("a \"${_HASH}\" \"${_BANG}\"\n").lines == "a \"#\" \"!\"");
    CHECK(expand("a ${_HASH}b\n").lines == "a");  // a comment
    CHECK(expand("a ${_INSTANCE} $_INSTANCE,\n", "node1").lines == "a node1 node1,");
    CHECK(expand("$_HASH=x\na $_HASH\n").lines == "a x");
    for (const auto* const name : {"_HASH", "_BANG", "_PWD", "_INSTANCE"}) {
        const std::string reference = "\"${" + std::string(name) + " 1}\"";
        CHECK(expand("a " + reference + "\n").lines == "a " + reference);
        CHECK(expand("a " + reference + "\n").said.empty());
    }
    CHECK(expand("a \"${_OTHER}\" \"${_OTHER 1}\" $_OTHER\n").lines == "a \"${_OTHER}\" \"${_OTHER 1}\" $_OTHER");
}

TEST_CASE("${_PWD} is the directory of the file it stands in") {
    const test::Folder folder;
    folder.write("sub/b.conf", "$B=${_PWD}\nglobal_defs {\nrouter_id \"${_PWD}\"\n}\n");
    const Outcome outcome =
        load({.file = folder.write("a.conf", "include sub/b.conf\n"), .config_id = {}}, test::FakeMachine());
    CHECK(outcome.config.global.router_id == std::filesystem::canonical(folder.path("sub")).string());
    CHECK(expand("${_PWD}").lines == std::filesystem::current_path().string());
}

TEST_CASE("${_ENV}") {
    setenv("SUSTAIN_TEST_1", "a #b\nc", 1);
    unsetenv("SUSTAIN_TEST_2");
    CHECK(expand("k \"${_ENV SUSTAIN_TEST_1}\" d\n").lines == "k \"a #b c\" d");
    CHECK(expand("k <${_ENV\tSUSTAIN_TEST_2}>\n").lines == "k <>");
    for (const auto* const text : {"k \"${_ENV}\"\n", "k $_ENV\n"}) {
        const auto result = expand(text);
        CHECK(result.said == "(Line 1) Definition _ENV requires between 1 and 1 parameters, 0 specified.\n");
        CHECK(result.status == 5);
        CHECK(result.lines + "\n" == text);
    }
    CHECK(expand("k \"${_ENV A B}\"\n").said ==
          "(Line 1) Definition _ENV requires between 1 and 1 parameters, 2 specified.\n");
}

TEST_CASE("${_RANDOM}") {
    CHECK(expand("k ${_RANDOM 900 900} x\n").lines == "k 900 x");
    CHECK(expand("k ${_RANDOM  0 \t 0}\n").lines == "k 0");
    CHECK(expand("k ${_RANDOM 32767}\n").lines == "k 32767");
    CHECK(expand("k \"${_RANDOM low}\"\n").said == "(Line 1) Definition _RANDOM requires numeric parameters only.\n");
    CHECK(expand("k \"${_RANDOM 1 2 3}\"\n").said ==
          "(Line 1) Definition _RANDOM requires between 0 and 2 parameters, 3 specified.\n");
    CHECK(expand("k \"${_RANDOM -1 2}\"\n").lines == "k \"${_RANDOM -1 2}\"");
    const auto reversed = expand("k ${_RANDOM 5 3}\n");
    CHECK(reversed.lines == "k 5");
    CHECK(reversed.said == "(Line 1) ${_RANDOM}: min 5 exceeds max 3, using 5\n");
    CHECK(expand("k ${_RANDOM 40000}\n").lines == "k 40000");
    CHECK(expand("k ${_RANDOM 99999999999999999999 99999999999999999999}\n").lines == "k 18446744073709551615");
    bool low = false;
    bool high = false;
    for (int i = 0; i < 200; ++i) {
        const std::string line = expand("${_RANDOM 3 4}\n").lines;
        REQUIRE((line == "3" || line == "4"));
        (line == "3" ? low : high) = true;
        REQUIRE(std::stoi(expand("$_RANDOM\n").lines) <= 32767);
    }
    CHECK(low);
    CHECK(high);
}

TEST_CASE("random_seed makes ${_RANDOM} repeatable") {
    const auto draw = [](std::string_view seed) {
        return test::test_text("global_defs {\nrandom_seed " + std::string(seed) +
                               "\nrouter_id ${_RANDOM 0 4000000000}-${_RANDOM 0 4000000000}\n}\n")
            .config.global.router_id;
    };
    CHECK(draw("1") == draw("1"));
    CHECK(draw("1") != draw("2"));
    CHECK(draw("1") == "928914481-1071366040");  // on every machine
    CHECK(test::status("global_defs {\nrandom_seed x\n}\n") == 5);
    CHECK(test::status("global_defs {\nrandom_seed 4294967296\n}\n") == 5);
    CHECK(test::status("global_defs {\nrandom_seed\n}\n") == 2);
    CHECK(test::status("global_defs {\nrandom_seed 4294967295\n}\n") == 0);
}
