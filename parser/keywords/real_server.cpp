// real_server IP [PORT] { … } in a virtual server
#include "parser/keywords/check_blocks.hpp"
#include "parser/keywords/check_rows.hpp"
#include "parser/keywords/virtual_server.hpp"

namespace sustain::parser {

namespace {

void set_method(Context& context, const Statement& statement) {
    read_method(context, statement, "real server", context.draft.current<RealServerDraft>().method);
}

using Server = RealServerDraft;

constexpr Keyword kOwn[] = {
    {.name = "weight",
     .missing = Missing::fatal,
     .value = number(0, kMaxInteger),
     .apply = store<&Server::weight>,
     .arguments = "N",
     .fallback = "1",
     .inherits = "virtual_server/weight"},
    {.name = "lvs_method",
     .missing = Missing::fatal,
     .value = choice(kMethods),
     .apply = set_method,
     .arguments = kMethodArguments,
     .fallback = "NAT",
     .inherits = "virtual_server/lvs_method"},
    {.name = "uthreshold",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store<&Server::uthreshold>,
     .arguments = "N",
     .fallback = "0",
     .unit = "connections"},
    {.name = "lthreshold",
     .missing = Missing::fatal,
     .value = number(0, kMaxUnsigned),
     .apply = store<&Server::lthreshold>,
     .arguments = "N",
     .fallback = "0",
     .unit = "connections"},
    {.name = "inhibit_on_failure",
     .value = boolean(),
     .apply = store<&Server::inhibit_on_failure>,
     .arguments = "[BOOL]",
     .fallback = "off",
     .inherits = "virtual_server/inhibit_on_failure"},
    server_script_row<&Server::notify_up, Server>("notify_up"),
    server_script_row<&Server::notify_down, Server>("notify_down"),
    {.name = "smtp_alert",
     .value = boolean(),
     .apply = store<&Server::smtp_alert>,
     .arguments = "[BOOL]",
     .fallback = "on",
     .inherits = "global_defs/smtp_alert_checker"},
    virtualhost_row<&Server::virtualhost>("virtual_server/virtualhost"),
    not_yet({.name = "snmp_name",
             .missing = Missing::reported,
             .value = word(),
             .apply = set_snmp_name<&Server::snmp_name>,
             .arguments = "NAME"}),
};

constexpr auto kRows =
    join(timing_rows<Server>(Level::real_server),
         std::array{connect_timeout_row<Server>(Level::real_server), alpha_row<Server>(Level::real_server)},
         std::to_array(kOwn), kCheckBlocks);

}  // namespace

void open_real_server(Context& context, const Statement& statement) {
    auto& draft = context.draft.virtual_server;
    const auto server = read_server(context, statement, "Invalid real server ip address/port {}/{} - skipping");
    if (!server) {
        context.refuse();
        return;
    }
    RealServerDraft& real_server = draft.real_servers.emplace_back();
    real_server.place = statement.place(1);
    real_server.address = server->address;
    real_server.port = server->port;
    real_server.written_port = server->port;
    real_server.method = draft.method;
}

/// A server behind a tunnel may be of the other family; the first one that is not decides about an unknown family.
void close_real_server(Context& context, const Statement& statement) {
    auto& draft = context.draft.virtual_server;
    const RealServerDraft& server = draft.real_servers.back();
    const bool tunnel = server.method && server.method->forwarding == ipvs::Forwarding::tunnel;
    if (!tunnel && !settle_family(draft, server.address.family())) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             fmt::format("Address family of virtual server and real server {} don't match - skipping "
                                         "real server.",
                                         server.address),
                             "only tunnels (lvs_method TUN) lead to servers of the other family");
        context.left_out(server.place, "it is of another address family");
        draft.real_servers.pop_back();
    }
}

const BlockTable& real_server_table() {
    static const BlockTable table("virtual_server/real_server", kRows);
    return table;
}

}  // namespace sustain::parser
