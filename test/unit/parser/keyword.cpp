#include "parser/keyword.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <set>

#include "parser/keywords/tables.hpp"

using namespace sustain::parser;

TEST_CASE("every table finds each of its keywords, once") {
    std::set<std::string_view> paths;
    for (const BlockTable& table : keyword_tables()) {
        CHECK(paths.insert(table.path()).second);
        std::set<std::string_view> names;
        for (const Keyword& keyword : table.keywords()) {
            INFO(table.path() << ' ' << keyword.name);
            CHECK(names.insert(keyword.name).second);
            CHECK(table.find(keyword.name) == &keyword);
        }
        CHECK(table.find("") == nullptr);
        CHECK(table.find("nonsense") == nullptr);
    }
    CHECK(paths.size() > 25);
}

TEST_CASE("every supported keyword does something") {
    for (const BlockTable& table : keyword_tables()) {
        for (const Keyword& keyword : table.keywords()) {
            INFO(table.path() << ' ' << keyword.name);
            if (!keyword.supported) {
                continue;
            }
            CHECK((keyword.apply != nullptr || keyword.kind == Kind::block));
            CHECK((keyword.kind != Kind::block || keyword.table != nullptr));
            // what takes a value but may stand alone has to look for itself
            CHECK((keyword.value.type != Value::Type::word || keyword.missing != Missing::accepted ||
                   keyword.name == "sorry_server_lvs_method"));
        }
    }
}

TEST_CASE("every block that a keyword opens has its table in the list") {
    std::set<std::string_view> paths;
    for (const BlockTable& table : keyword_tables()) {
        paths.insert(table.path());
    }
    for (const BlockTable& table : keyword_tables()) {
        for (const Keyword& keyword : table.keywords()) {
            if (keyword.kind == Kind::block) {
                const std::string path =
                    table.path().empty() ? std::string(keyword.name) : fmt::format("{}/{}", table.path(), keyword.name);
                INFO(path);
                CHECK(paths.contains(path));
            }
        }
    }
}

TEST_CASE("words that are nearly keywords") {
    CHECK(top_level_table().closest("vrrp_instanc")->name == "vrrp_instance");
    CHECK(virtual_server_table().closest("LB_ALGO")->name == "lb_algo");
    CHECK(tcp_check_table().closest("conect_timeout")->name == "connect_timeout");
    CHECK(top_level_table().closest("x") == nullptr);
    CHECK(top_level_table().closest("something_else") == nullptr);
    CHECK(top_level_table().closest(std::string(1000, 'x')) == nullptr);
}
