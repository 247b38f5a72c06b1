#include "parser/keyword.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "documents.hpp"

using namespace sustain;
using namespace sustain::test;

namespace {

Keywords table_keywords(bool supported) {
    Keywords keywords;
    for (const parser::BlockTable& table : parser::keyword_tables()) {
        for (const parser::Keyword& keyword : table.keywords()) {
            if (keyword.supported == supported) {
                keywords[std::string(table.path())].insert(std::string(keyword.name));
            }
        }
    }
    return keywords;
}

/// Prints what has to stand there where it does not, ready to be copied.
void compare(const std::string& actual, const std::string& expected) {
    if (actual != expected) {
        fmt::print("{}", expected);
        FAIL("the list of keywords without effect is not that of the tables; it should be the one above");
    }
}

}  // namespace

TEST_CASE("keepalived.conf(5) describes each keyword that has an effect in the subsection of its block, and no other") {
    const Keywords documented = documented_keywords(read_document("man/keepalived.conf.5"));
    const Keywords supported = table_keywords(true);
    REQUIRE(supported.size() > 5);
    for (const auto& [block, keywords] : supported) {
        INFO("block " << block);
        const auto found = documented.find(block);
        REQUIRE(found != documented.end());
        CHECK(found->second == keywords);
    }
    for (const auto& [block, keywords] : documented) {
        INFO("subsection " << block);
        CHECK(supported.contains(block));
    }
}

TEST_CASE("keepalived.conf(5) lists the keywords without effect") {
    compare(generated_part(read_document("man/keepalived.conf.5")), unsupported_as_mdoc(table_keywords(false)));
}

TEST_CASE("the README counts down the keywords without effect") {
    compare(generated_part(read_document("README.md")), unsupported_as_table(table_keywords(false)));
}
