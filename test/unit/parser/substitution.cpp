// Columns of texts that parameters were inserted into.
#include "parser/text/substitution.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

using namespace sustain::parser;

namespace {

/// The text and the column of each of its bytes (one digit), after substitution.
std::string run(std::string text, std::initializer_list<std::pair<std::string_view, std::string_view>> definitions) {
    Sources sources;
    Report report(sources);
    Parameters parameters;
    for (const auto& [name, value] : definitions) {
        parameters.define(name).value = value;
    }
    Substitution substitution(parameters, sources.expansions(), report);
    Random random;
    Columns columns;
    columns.add(0, 1);
    (void)substitution.run(text, columns, {}, {{}, {}, random});
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        digits += fmt::format("{:x}", columns.at(i).column);
    }
    return text + "|" + digits;
}

}  // namespace

TEST_CASE("bytes of a value stand at the reference") {
    CHECK(run("a $B c", {{"B", "xyz"}}) == "a xyz c|1233356");
    CHECK(run("a ${B}c", {{"B", ""}}) == "a c|127");
    CHECK(run("$B$B", {{"B", "xy"}}) == "$Bxy|1233");
    CHECK(run("${B}${B}", {{"B", "x"}}) == "xx|15");
    CHECK(run("a $B d", {{"B", "1 $C 2"}, {"C", "x"}}) == "a 1 x 2 d|123333356");
    CHECK(run("a ${B}{C}d", {{"B", "1$"}, {"C", "x"}}) == "a 1xd|1233a");
    CHECK(run("a ${B}C", {{"B", "$"}, {"C", "x"}}) == "a x|123");
    CHECK(run("${A}${A}", {{"A", "${B}${B}"}, {"B", "z"}}) == "zzzz|1155");
    CHECK(run("no references", {}) == "no references|123456789abcd");
}
