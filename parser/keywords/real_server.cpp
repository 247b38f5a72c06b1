// real_server IP [PORT] { … } in a virtual server
#include "parser/keywords/check_blocks.hpp"
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
};

constexpr auto kRows =
    join(timing_rows<Server>(Level::real_server),
         std::array{connect_timeout_row<Server>(Level::real_server), alpha_row<Server>(Level::real_server)},
         std::to_array(kOwn), kCheckBlocks);

}  // namespace

const BlockTable& real_server_table() {
    static const BlockTable table("virtual_server/real_server", kRows);
    return table;
}

}  // namespace sustain::parser
