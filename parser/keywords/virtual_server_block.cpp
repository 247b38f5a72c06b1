// The beginning and the end of a virtual_server block: which packets it is for.
#include "parser/check/check.hpp"
#include "parser/keywords/virtual_server.hpp"

namespace sustain::parser {

namespace {

bool select_mark(Context& context, const Statement& statement, VirtualServerDraft& draft) {
    const auto mark = context.number(statement, 2, number(0, kMaxUnsigned));
    if (mark && *mark == 0) {  // keepalived makes something else of it: a virtual server without address
        context.error(statement, 2, "virtual server fwmark 0 is no mark - ignoring", "a mark from 1 to 4294967295");
    }
    if (!mark || *mark == 0) {
        return false;
    }
    draft.selector = ipvs::Selector::fwmark;
    draft.fwmark = static_cast<std::uint32_t>(*mark);
    return true;
}

void select_group(Context& context, const Statement& statement, VirtualServerDraft& draft) {
    draft.selector = ipvs::Selector::group;
    draft.group = statement[2];
    draft.ordinal = context.draft.group_users[draft.group]++;
}

bool select_address(Context& context, const Statement& statement, VirtualServerDraft& draft) {
    const auto server = read_server(context, statement, "Invalid virtual server IP address/port {}/{} - skipping");
    if (!server) {
        return false;
    }
    draft.address = server->address;
    draft.port = server->port;
    draft.family = draft.address.family();
    return true;
}

}  // namespace

void open_virtual_server(Context& context, const Statement& statement) {
    context.draft.config.has_checker = true;
    VirtualServerDraft& draft = context.draft.virtual_server;
    draft = {};
    draft.place = statement.place(1);
    draft.order = context.draft.virtual_servers_read++;
    bool selected = false;
    if (const bool mark = statement[1] == "fwmark"; mark || statement[1] == "group") {
        if (statement.size() < 3) {
            context.missing_parameter(statement, 2);
        } else if (mark) {
            selected = select_mark(context, statement, draft);
        } else {
            select_group(context, statement, draft);
            selected = true;
        }
    } else {
        selected = select_address(context, statement, draft);
    }
    if (!selected) {
        context.refuse();
    }
}

void close_virtual_server(Context& context, const Statement& statement) {
    context.draft.virtual_server.closed = statement.place();
    check_virtual_server(context);
}

bool settle_family(VirtualServerDraft& draft, core::Address::Family family) {
    if (!draft.family) {
        draft.family = family;
    }
    return *draft.family == family;
}

}  // namespace sustain::parser
