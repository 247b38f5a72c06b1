// The blocks of a real server that are health checks.
#pragma once

#include "parser/keywords/join.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

void open_check(Context& context, const Statement& statement);
void close_check(Context& context, const Statement& statement);

constexpr Keyword later_check(std::string_view name) {
    return later_block(name, Kind::block, "the real server is not checked by it and counts as up");
}

inline constexpr std::array kCheckBlocks = {
    Keyword{.name = "TCP_CHECK",
            .kind = Kind::block,
            .apply = open_check,
            .close = close_check,
            .table = tcp_check_table,
            .repeat = Repeat::accumulates},
    later_check("SMTP_CHECK"),
    later_check("DNS_CHECK"),
    later_check("UDP_CHECK"),
    later_check("PING_CHECK"),
    later_check("HTTP_GET"),
    later_check("SSL_GET"),
    later_check("MISC_CHECK"),
    later_check("BFD_CHECK"),
    later_check("FILE_CHECK"),
};

}  // namespace sustain::parser
