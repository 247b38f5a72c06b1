#include "parser/keyword.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <set>

#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

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
            CHECK((keyword.apply != nullptr || keyword.kind == Kind::block || keyword.kind == Kind::option_argument));
            CHECK((keyword.kind != Kind::block || keyword.table != nullptr));
            // what takes a value but may stand alone has to look for itself
            constexpr std::array<std::string_view, 4> kLook = {"sorry_server_lvs_method", "smtp_helo_name", "sni_name",
                                                               "net_namespace_ipvs"};
            CHECK((keyword.value.type != Value::Type::word || keyword.missing != Missing::accepted ||
                   std::ranges::find(kLook, keyword.name) != kLook.end()));
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

TEST_CASE("words that are nearly one of the choices") {
    CHECK(hint_for_choice("tpc", "TCP UDP SCTP") == "did you mean TCP? (TCP, UDP or SCTP)");
    CHECK(hint_for_choice("x", "TCP UDP SCTP") == "TCP, UDP or SCTP");
    CHECK(hint_for_choice("master", "MASTER BACKUP", "in upper case") == "did you mean MASTER? (in upper case)");
    CHECK(hint_for_choice("MASTER", "MASTER BACKUP", "not here") == "not here");
    CHECK(hint_for_choice("only", "one") == "one");
    CHECK(hint_for_choice("what", "").empty());
}

TEST_CASE("a keyword of another block: the nearest blocks that have it") {
    CHECK(hint_for_unknown("connect_timeout", virtual_server_table()).empty() == false);
    CHECK(hint_for_unknown("auth_type", vrrp_instance_table()) == "auth_type belongs in vrrp_instance/authentication");
    CHECK(hint_for_unknown("quorum", real_server_table()) == "quorum belongs in virtual_server");
    CHECK(hint_for_unknown("vrrp_instance", global_defs_table()) ==
          "vrrp_instance belongs to the top level, outside all blocks");
    CHECK(hint_for_unknown("interfaces", vrrp_instance_table()).starts_with("did you mean interface?"));
    CHECK(hint_for_unknown("Router_ID", global_defs_table()) == "did you mean router_id?");
}

namespace {

/// Every block and keyword that it inherits from exists, and so on, without going in circles.
void check_sources(const BlockTable& table, const Keyword& keyword, int steps) {
    REQUIRE(steps < 5);
    for (std::string_view sources = keyword.inherits; !sources.empty();) {
        const std::string_view source = sources.substr(0, sources.find(", "));
        sources.remove_prefix(std::min(source.size() + 2, sources.size()));
        INFO(table.path() << ' ' << keyword.name << " inherits " << source);
        const auto slash = source.rfind('/');
        REQUIRE(slash != std::string_view::npos);
        const auto home = std::ranges::find(keyword_tables(), source.substr(0, slash), &BlockTable::path);
        REQUIRE(home != keyword_tables().end());
        const Keyword* const row = home->find(source.substr(slash + 1));
        REQUIRE(row != nullptr);
        check_sources(*home, *row, steps + 1);
    }
}

}  // namespace

TEST_CASE("what a keyword inherits is there, and the chain ends") {
    for (const BlockTable& table : keyword_tables()) {
        for (const Keyword& keyword : table.keywords()) {
            check_sources(table, keyword, 0);
        }
    }
}

TEST_CASE("a default is a value that the keyword takes") {
    for (const BlockTable& table : keyword_tables()) {
        for (const Keyword& keyword : table.keywords()) {
            if (keyword.fallback.empty() || keyword.fallback.find(';') != std::string_view::npos) {
                continue;
            }
            INFO(table.path() << ' ' << keyword.name << " = " << keyword.fallback);
            const std::string_view word = keyword.fallback.substr(0, keyword.fallback.find(' '));
            const Value& value = keyword.value;
            switch (value.type) {
                case Value::Type::boolean: CHECK(read_boolean(word).has_value()); break;
                case Value::Type::unsigned_integer:
                    CHECK(read_unsigned(word, {static_cast<std::uint64_t>(value.min), value.max}).fault ==
                          NumberFault::none);
                    break;
                case Value::Type::integer:
                    CHECK(read_signed(word, {value.min, static_cast<std::int64_t>(value.max)}).fault ==
                          NumberFault::none);
                    break;
                case Value::Type::decimal:
                    CHECK(read_decimal(word, 6, {static_cast<std::uint64_t>(value.min), value.max}).fault ==
                          NumberFault::none);
                    break;
                case Value::Type::choice:
                    CHECK((' ' + std::string(value.choices) + ' ').find(' ' + std::string(word) + ' ') !=
                          std::string::npos);
                    break;
                default: break;
            }
        }
    }
}

TEST_CASE("words that are nearly keywords") {
    CHECK(top_level_table().closest("vrrp_instanc")->name == "vrrp_instance");
    CHECK(vrrp_instance_table().closest("prioirty")->name == "priority");
    CHECK(virtual_server_table().closest("LB_ALGO")->name == "lb_algo");
    CHECK(tcp_check_table().closest("conect_timeout")->name == "connect_timeout");
    CHECK(vrrp_instance_table().closest("virtual_ip")->name == "virtual_ipaddress");
    CHECK(virtual_server_table().closest("lb_algorithm")->name == "lb_algo");
    CHECK(http_get_url_table().closest("status")->name == "status_code");
    CHECK(vrrp_instance_table().closest("virtual") == nullptr);  // of several kinds
    CHECK(vrrp_instance_table().closest("track") == nullptr);
    CHECK(top_level_table().closest("x") == nullptr);
    CHECK(top_level_table().closest("something_else") == nullptr);
    CHECK(top_level_table().closest(std::string(1000, 'x')) == nullptr);
}
