// TCP_CHECK { … } in a real server
#include "parser/keywords/check_rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

void set_connect_ip(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<CheckDraft>();
    const auto address = core::Address::parse(statement[1]);
    if (!address) {
        context.error(statement, 1, fmt::format("Invalid connect_ip address {} - ignoring", statement[1]));
    } else if (draft.bindto && draft.bindto->family() != address->family()) {
        context.error(statement, 1,
                      fmt::format("connect_ip address {} does not match address family of bindto - "
                                  "skipping",
                                  statement[1]));
    } else {
        draft.connect_ip = address;
    }
}

void set_bindto(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<CheckDraft>();
    const auto address = core::Address::parse(statement[1]);
    const auto& target = draft.connect_ip ? *draft.connect_ip : context.draft.current<RealServerDraft>().address;
    if (!address) {
        context.error(statement, 1, fmt::format("Invalid bindto address {} - ignoring", statement[1]));
    } else if (target.family() != address->family()) {
        context.error(statement, 1,
                      fmt::format("bindto address {} does not match address family of connect_ip - "
                                  "skipping",
                                  statement[1]));
    } else {
        draft.bindto = address;
    }
}

void set_bind_if(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxName = 15;
    if (statement[1].size() > kMaxName) {
        context.error(statement, 1, fmt::format("Interface name {} is too long - ignoring", statement[1]));
        return;
    }
    context.draft.current<CheckDraft>().bind_if = statement[1];
}

using Check = CheckDraft;

constexpr Keyword kOwn[] = {
    {.name = "connect_ip", .missing = Missing::fatal, .value = word(), .apply = set_connect_ip},
    {.name = "connect_port",
     .missing = Missing::fatal,
     .value = number(1, 65535),
     .apply = store<&Check::connect_port>},
    {.name = "bindto", .missing = Missing::fatal, .value = word(), .apply = set_bindto},
    {.name = "bind_port", .missing = Missing::fatal, .value = number(1, 65535), .apply = store<&Check::bind_port>},
    {.name = "bind_if", .missing = Missing::fatal, .value = word(), .apply = set_bind_if},
    {.name = "fwmark", .missing = Missing::fatal, .value = number(0, kMaxUnsigned), .apply = store<&Check::fwmark>},
    {.name = "log_all_failures", .value = boolean(), .apply = store<&Check::log_all_failures>},
};

constexpr auto kRows = join(std::to_array(kOwn), timing_rows<Check>(Level::check),
                            std::array{connect_timeout_row<Check>(Level::check), alpha_row<Check>(Level::check)});

}  // namespace

const BlockTable& tcp_check_table() {
    static const BlockTable table("virtual_server/real_server/TCP_CHECK", kRows);
    return table;
}

}  // namespace sustain::parser
