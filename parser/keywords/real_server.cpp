// real_server IP [PORT] { … } in a virtual server
#include "parser/keywords/check_rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

void set_method(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<RealServerDraft>();
    if (const auto method = read_method(context, statement, "real server", draft.method)) {
        draft.method = method;
    }
}

void open_check(Context& context, const Statement& statement) {
    context.draft.current<RealServerDraft>().checks.emplace_back().place = statement.place();
}

void close_check(Context& context, const Statement& statement) {
    auto& server = context.draft.current<RealServerDraft>();
    const CheckDraft& draft = server.checks.back();
    const core::Address& target = draft.connect_ip ? *draft.connect_ip : server.address;
    if (target.is_ipv6() && target.is_link_local() && draft.bind_if.empty()) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             fmt::format("Checker link local address {} requires a bind_if", target),
                             "the check is left out");
        server.checks.pop_back();
    }
}

constexpr Keyword later_check(std::string_view name) {
    return later_block(name, Kind::block, "the real server is not checked by it and counts as up");
}

using Server = RealServerDraft;

constexpr Keyword kOwn[] = {
    {.name = "weight", .missing = Missing::fatal, .value = number(0, kMaxInteger), .apply = store<&Server::weight>},
    {.name = "lvs_method", .missing = Missing::fatal, .value = word(), .apply = set_method},
    {.name = "uthreshold",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store<&Server::uthreshold>},
    {.name = "lthreshold",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store<&Server::lthreshold>},
    {.name = "inhibit_on_failure", .value = boolean(), .apply = store<&Server::inhibit_on_failure>},
    later("notify_up", Missing::fatal),
    later("notify_down", Missing::fatal),
    later("smtp_alert"),
    later("virtualhost", Missing::reported),
    later("snmp_name", Missing::reported),
    {.name = "TCP_CHECK",
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

constexpr auto kRows =
    join(timing_rows<Server>(Level::real_server),
         std::array{connect_timeout_row<Server>(Level::real_server), alpha_row<Server>(Level::real_server)},
         std::to_array(kOwn));

}  // namespace

const BlockTable& real_server_table() {
    static const BlockTable table("virtual_server/real_server", kRows);
    return table;
}

}  // namespace sustain::parser
