#include "parser/keyword.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "documents.hpp"

using namespace sustain;
using namespace sustain::test;

namespace {

Keywords table_keywords(bool supported) {
    Keywords keywords;
    for (const parser::BlockTable& table : parser::keyword_tables()) {
        for (const parser::Keyword& keyword : table.keywords()) {
            // "<address>" and its like stand for words that are no keywords
            if (keyword.supported == supported && !keyword.name.starts_with('<')) {
                keywords[std::string(table.path())].insert(std::string(keyword.name));
            }
        }
    }
    return keywords;
}

/// With SUSTAIN_UPDATE_DOCUMENTS in the environment, the list is rewritten instead.
void compare(std::string_view document, const std::string& expected) {
    const std::string text = read_document(document);
    if (generated_part(text) == expected) {
        return;
    }
    if (std::getenv("SUSTAIN_UPDATE_DOCUMENTS") == nullptr) {
        FAIL(document << ": the list of keywords without effect is not that of the tables; "
                         "run build-aux/update-documents");
    }
    write_document(document, with_generated_part(text, expected));
}

}  // namespace

TEST_CASE("keepalived.conf(5) describes each keyword in the subsection of its block, and no others") {
    const Keywords documented = documented_keywords(read_document("man/keepalived.conf.5"));
    Keywords tables = table_keywords(true);
    for (const auto& [block, keywords] : table_keywords(false)) {
        tables[block].insert(keywords.begin(), keywords.end());
    }
    REQUIRE(tables.size() > 5);
    const auto contains = [](const Keywords& all, const std::string& block, const std::string& keyword) {
        const auto found = all.find(block);
        return found != all.end() && found->second.contains(keyword);
    };
    for (const auto& [block, keywords] : tables) {
        for (const std::string& keyword : keywords) {
            INFO("block " << block << ", keyword " << keyword);
            // "<address>" is no word but what an entry line begins with: the text before the items is about it.
            CHECK((keyword.starts_with('<') || contains(documented, block, keyword)));
        }
    }
    for (const auto& [block, keywords] : documented) {
        for (const std::string& keyword : keywords) {
            INFO("subsection " << block << ", keyword " << keyword);
            CHECK(contains(tables, block, keyword));
        }
    }
}

TEST_CASE("keepalived.conf(5) lists the keywords without effect") {
    compare("man/keepalived.conf.5", unsupported_as_mdoc(table_keywords(false)));
}

TEST_CASE("the README counts down the keywords without effect") {
    compare("README.md", unsupported_as_table(table_keywords(false)));
}
