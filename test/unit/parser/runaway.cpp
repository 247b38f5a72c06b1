// Configurations that expand to far too much: refused with a clear error, in little time and space.
#include <catch2/catch.hpp>

#include <ctime>

#include "fixture.hpp"

using sustain::parser::test::expand;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::clock_t kMostSeconds = 300;  // checked builds take ten times as long
#else
constexpr std::clock_t kMostSeconds = 30;
#endif

/// What is said about a text, which must not take long.
std::string refusal(std::string_view text) {
    const std::clock_t begin = std::clock();  // of this process alone: the machine may be busy
    const auto result = expand(text);
    CHECK(std::clock() - begin < kMostSeconds * CLOCKS_PER_SEC);
    CHECK(result.status == 5);
    return result.said;
}

}  // namespace

TEST_CASE("parameters that refer to themselves") {
    const std::string endless = "(Line 2) Definition A refers to itself - ignoring the line\n";
    CHECK(refusal("$A=${A}\nx ${A} {\n") == endless);
    CHECK(refusal("$A=$A\nx $A\n") == endless);
    CHECK(refusal("$A=${B}\nx ${B}\n$B=${A}\ny ${B}\n").starts_with("(Line 4) Definition "));
    // Each brace ends a line, and the rest begins anew:
    const auto braces = refusal("$A=b{ $$A\n$A\nc\n");
    CHECK(braces.find("(Line 2) Definition A refers to itself - ignoring the line\n") != std::string::npos);
    const auto grows = expand("$A=x$A\n$A\nb\n");  // ends at the length
    CHECK(grows.status == 0);
    CHECK(grows.lines == std::string(1021, 'x') + "$A|b");
}

TEST_CASE("parameters that multiply") {
    std::string bomb = "$P0=\n";
    for (char i = 1; i < 30; ++i) {
        const std::string below = "${P" + std::to_string(i - 1) + "}";
        bomb += "$P" + std::to_string(i) + "=" + below + below + "\n";
    }
    CHECK(refusal(bomb + "x ${P29}\n").find("refers to itself") != std::string::npos);
    std::string lines = "$P0=x \\\ny\n";
    for (int i = 1; i < 40; ++i) {
        const std::string below = "$P" + std::to_string(i - 1);
        lines += "$P" + std::to_string(i) + "= \\\n" + below + " \\\n" + below + "\n";
    }
    CHECK(refusal(lines + "$P39\n").find("expand to too much") != std::string::npos);
}

TEST_CASE("parameters of several lines that contain themselves") {
    CHECK(refusal("$A=x \\\n$A\n$A\nb\n").find("nested more than 1000 deep") != std::string::npos);
    CHECK(refusal("$A= \\\n$B \\\nc\n$B= \\\n$A \\\nd\n$A\nb\n").find("nested more than 1000 deep") !=
          std::string::npos);
}

TEST_CASE("sequences without end") {
    CHECK(refusal("~SEQ(I,1000000000) x$I\n").find("~SEQ has 1000000000 rounds, too many") != std::string::npos);
    CHECK(refusal("~SEQ(I,-99999999999999999999,99999999999999999999) x$I\n").find("too many") != std::string::npos);
    CHECK(refusal("~SEQ(I,1,99999999999999999999) x$I\nb\n").find("too many") != std::string::npos);
    CHECK(refusal("~SEQ(I,1000000) ~SEQ(J,1000000) x$I\n").find("too many") != std::string::npos);
    CHECK(refusal("~SEQ(I,2000) ~SEQ(J,3000) ~SEQ(K,2) x\n").find("expand to too much") != std::string::npos);
}

TEST_CASE("65,024 texts of a nested sequence are no problem") {
    const auto result = expand(
        "$VI= \\\nvrrp_instance ${I}.${J} { \\\n interface e${I} \\\n }\n"
        "~SEQ(I,0,255) ~SEQ(J,1,254) $VI\n");
    CHECK(result.said.empty());
    CHECK(std::count(result.lines.begin(), result.lines.end(), '|') == 65'024 * 4 - 1);
    CHECK(result.lines.ends_with("|vrrp_instance 255.254 |{|interface e255|}"));
}
