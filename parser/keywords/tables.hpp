// Where the keyword tables of the single blocks are.
#pragma once

#include <fmt/format.h>

#include "parser/context.hpp"
#include "parser/keyword.hpp"

namespace sustain::parser {

[[nodiscard]] const BlockTable& top_level_table();
[[nodiscard]] const BlockTable& global_defs_table();
[[nodiscard]] const BlockTable& vrrp_instance_table();
[[nodiscard]] const BlockTable& authentication_table();
[[nodiscard]] const BlockTable& auth_hmac_table();
[[nodiscard]] const BlockTable& unicast_peer_table();
[[nodiscard]] const BlockTable& address_line_table();
[[nodiscard]] const BlockTable& route_line_table();
[[nodiscard]] const BlockTable& next_hop_table();
[[nodiscard]] const BlockTable& rule_line_table();
[[nodiscard]] const BlockTable& virtual_server_table();
[[nodiscard]] const BlockTable& virtual_server_group_table();
[[nodiscard]] const BlockTable& real_server_table();
[[nodiscard]] const BlockTable& tcp_check_table();
[[nodiscard]] const BlockTable& smtp_check_table();
[[nodiscard]] const BlockTable& smtp_check_host_table();
[[nodiscard]] const BlockTable& dns_check_table();
[[nodiscard]] const BlockTable& udp_check_table();
[[nodiscard]] const BlockTable& ping_check_table();
[[nodiscard]] const BlockTable& misc_check_table();
[[nodiscard]] const BlockTable& bfd_check_table();
[[nodiscard]] const BlockTable& file_check_table();
[[nodiscard]] const BlockTable& http_get_table();
[[nodiscard]] const BlockTable& http_get_url_table();
[[nodiscard]] const BlockTable& ssl_get_table();
[[nodiscard]] const BlockTable& ssl_get_url_table();
[[nodiscard]] const BlockTable& ssl_table();

// Actions that are more than a line and serve several tables.

/// Entries of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress.
void add_virtual_address(Context& context, const Statement& statement);
void add_excluded_address(Context& context, const Statement& statement);
void add_static_address(Context& context, const Statement& statement);
/// Entries of virtual_routes, static_routes, virtual_rules and static_rules.
void add_virtual_route(Context& context, const Statement& statement);
void add_static_route(Context& context, const Statement& statement);
void add_virtual_rule(Context& context, const Statement& statement);
void add_static_rule(Context& context, const Statement& statement);

}  // namespace sustain::parser
