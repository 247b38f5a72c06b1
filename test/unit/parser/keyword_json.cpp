#include "parser/keyword_json.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "parser/keyword.hpp"

using namespace sustain::parser;

namespace {

/// The line about a keyword.
std::string line_of(std::string_view text, std::string_view block, std::string_view keyword) {
    const std::string wanted = "{\"block\":\"" + std::string(block) + "\",\"keyword\":\"" + std::string(keyword) + "\"";
    const auto at = text.find(wanted);
    REQUIRE(at != std::string_view::npos);
    return std::string(text.substr(at, text.find('\n', at) - at));
}

bool has(std::string_view line, std::string_view field) {
    return line.find(field) != std::string_view::npos;
}

}  // namespace

TEST_CASE("the tables as JSON: a keyword a line, the same at each call") {
    const std::string text = keywords_as_json();
    std::size_t rows = 0;
    for (const BlockTable& table : keyword_tables()) {
        rows += table.keywords().size();
    }
    CHECK(text == keywords_as_json());
    CHECK(static_cast<std::size_t>(std::ranges::count(text, '\n')) == rows + 2);
    CHECK(text.starts_with("{\"format\":1,\"keywords\":[\n"));
    CHECK(text.ends_with("}\n]}\n"));
}

TEST_CASE("what the JSON says about a keyword") {
    const std::string text = keywords_as_json();
    const std::string router = line_of(text, "vrrp_instance", "virtual_router_id");
    CHECK(has(router, "\"type\":\"integer\""));
    CHECK(has(router, "\"min\":1,\"max\":255"));
    CHECK(has(router, "\"missing_argument\":\"fatal\""));
    CHECK(has(router, "\"process\":\"vrrp\""));
    CHECK(has(router, "\"supported\":true"));
    const std::string interval = line_of(text, "vrrp_instance", "advert_int");
    CHECK(has(interval, "\"type\":\"decimal\""));
    CHECK(has(interval, "\"min\":1E-2,\"max\":255"));  // seconds
    CHECK(has(line_of(text, "vrrp_instance/authentication", "auth_pass"), "\"secret\":true"));
    const std::string server = line_of(text, "virtual_server", "real_server");
    CHECK(has(server, "\"kind\":\"block\""));
    CHECK(has(server, "\"table\":\"virtual_server/real_server\""));
    CHECK(has(server, "\"repeat\":\"all\""));
    CHECK(has(server, "\"process\":\"checker\""));
}
