// vrrp_instance: what it brings to its master. The lines of the blocks have tables of their own.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr Keyword kRows[] = {
    {.name = "virtual_ipaddress",
     .kind = Kind::lines,
     .apply = add_virtual_address,
     .table = address_line_table,
     .repeat = Repeat::accumulates},
    {.name = "virtual_ipaddress_excluded",
     .kind = Kind::lines,
     .apply = add_excluded_address,
     .table = address_line_table,
     .repeat = Repeat::accumulates},
    {.name = "no_virtual_ipaddress", .apply = set<&vrrp::Instance::no_addresses, true>, .fallback = "off"},
    {.name = "promote_secondaries", .apply = set<&vrrp::Instance::promote_secondaries, true>, .fallback = "off"},
    not_yet({.name = "virtual_routes",
             .kind = Kind::lines,
             .apply = add_virtual_route,
             .table = route_line_table,
             .repeat = Repeat::accumulates}),
    not_yet({.name = "virtual_rules",
             .kind = Kind::lines,
             .apply = add_virtual_rule,
             .table = rule_line_table,
             .repeat = Repeat::accumulates}),
};

}  // namespace

Rows instance_address_rows() {
    return kRows;
}

}  // namespace sustain::parser
