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
[[nodiscard]] const BlockTable& virtual_server_table();
[[nodiscard]] const BlockTable& real_server_table();
[[nodiscard]] const BlockTable& tcp_check_table();
/// Of blocks that are skipped yet.
[[nodiscard]] std::vector<BlockTable> later_block_tables();
[[nodiscard]] std::vector<BlockTable> later_check_tables();

// Actions that are more than a line and serve several tables.

/// An entry of virtual_ipaddress and virtual_ipaddress_excluded.
void add_virtual_address(Context& context, const Statement& statement);
void add_excluded_address(Context& context, const Statement& statement);

/// The arguments of lvs_method from word 1 on; no value if the line is to be ignored. Before: what was set so far.
[[nodiscard]] std::optional<Method> read_method(Context& context, const Statement& statement, std::string_view whose,
                                                const std::optional<Method>& before);

/// ADDRESS [PORT] of a server from this word on. Whose: "virtual server".
struct ServerAddress {
    core::Address address;
    std::uint16_t port = 0;
};
[[nodiscard]] std::optional<ServerAddress> read_server(Context& context, const Statement& statement,
                                                       std::string_view complaint);

}  // namespace sustain::parser
