// global_defs { … }: the rows of all nouns in one table.
#include <vector>

#include "parser/actions.hpp"
#include "parser/keywords/global/rows.hpp"

namespace sustain::parser {

namespace {

constexpr Keyword kRows[] = {
    {.name = "router_id",
     .missing = Missing::reported,
     .value = word(),
     .apply = store<&core::GlobalConfig::router_id>,
     .note = "routerid name missing - ignoring",
     .arguments = "NAME"},
    later("random_seed", Missing::fatal),
    later("include_check"),
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
