// The blocks of a real server that are health checks.
#pragma once

#include "parser/keywords/join.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

/// Begins a check of a kind.
template <typename Kind>
void open_check(Context& context, const Statement& statement) {
    CheckDraft& draft = context.draft.current<RealServerDraft>().checks.emplace_back();
    draft.place = statement.place();
    if constexpr (BoxedKind<Kind>) {
        draft.kind = core::Boxed<Kind>(Kind());
    } else {
        draft.kind = Kind();
    }
}

/// At the end of a check that connects: it goes if its destination cannot be reached without an interface. Returns
/// whether it stays.
bool keep_reachable(Context& context, const Statement& statement);
/// The open check goes, for a reason that has been reported.
void drop_check(Context& context);

// What opens and ends the blocks of those that need more than that.
void close_network_check(Context& context, const Statement& statement);
void close_smtp_check(Context& context, const Statement& statement);
void close_udp_check(Context& context, const Statement& statement);
void open_ssl_get(Context& context, const Statement& statement);
void close_http_get(Context& context, const Statement& statement);
void close_misc_check(Context& context, const Statement& statement);
void close_bfd_check(Context& context, const Statement& statement);
void close_file_check(Context& context, const Statement& statement);

struct CheckBlock {
    std::string_view name;
    Action open;
    Action close;
    const BlockTable& (*table)();
};

constexpr Keyword check_block(const CheckBlock& block) {
    return {.name = block.name,
            .kind = Kind::block,
            .apply = block.open,
            .close = block.close,
            .table = block.table,
            .repeat = Repeat::accumulates};
}

constexpr Keyword later_check(const CheckBlock& block) {
    return not_yet(check_block(block), "the real server is not checked by it and counts as up");
}

inline constexpr std::array kCheckBlocks = {
    check_block({"TCP_CHECK", open_check<checker::TcpCheck>, close_network_check, tcp_check_table}),
    check_block({"SMTP_CHECK", open_check<checker::SmtpCheck>, close_smtp_check, smtp_check_table}),
    check_block({"DNS_CHECK", open_check<checker::DnsCheck>, close_network_check, dns_check_table}),
    check_block({"UDP_CHECK", open_check<checker::UdpCheck>, close_udp_check, udp_check_table}),
    check_block({"PING_CHECK", open_check<checker::PingCheck>, close_network_check, ping_check_table}),
    check_block({"HTTP_GET", open_check<checker::HttpGet>, close_http_get, http_get_table}),
    check_block({"SSL_GET", open_ssl_get, close_http_get, ssl_get_table}),
    check_block({"MISC_CHECK", open_check<checker::MiscCheck>, close_misc_check, misc_check_table}),
    later_check({"BFD_CHECK", open_check<checker::BfdCheck>, close_bfd_check, bfd_check_table}),
    check_block({"FILE_CHECK", open_check<checker::FileCheck>, close_file_check, file_check_table}),
};

}  // namespace sustain::parser
