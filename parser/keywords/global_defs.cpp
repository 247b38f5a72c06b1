// global_defs { … }: the rows of all nouns in one table.
#include <vector>

#include "parser/actions.hpp"
#include "parser/keywords/global/rows.hpp"
#include "parser/keywords/reading.hpp"

namespace sustain::parser {

namespace {

constexpr Keyword kRows[] = {
    {.name = "router_id",
     .missing = Missing::reported,
     .value = word(),
     .apply = store<&core::GlobalConfig::router_id>,
     .note = "routerid name missing - ignoring",
     .arguments = "NAME"},
    {.name = "random_seed",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned, kStrict),
     .apply = set_random_seed,
     .arguments = "NUMBER"},
    {.name = "include_check",
     .value = choice("read match wildcard_match brace_match"),
     .apply = set_include_check,
     .arguments = "[[+|-]read|match|wildcard_match|brace_match] ..."},
};

std::vector<Keyword> all_rows() {
    std::vector<Keyword> rows(std::begin(kRows), std::end(kRows));
    for (const auto part : {process_rows(), mail_rows(), script_rows(), vrrp_rows(), garp_rows(), firewall_rows(),
                            fifo_rows(), lvs_rows(), netlink_rows(), management_rows(), reload_rows(), dump_rows()}) {
        rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
}

}  // namespace

const BlockTable& global_defs_table() {
    static const std::vector<Keyword> rows = all_rows();
    static const BlockTable table("global_defs", rows);
    return table;
}

}  // namespace sustain::parser
