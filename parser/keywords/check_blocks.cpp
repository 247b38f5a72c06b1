#include "parser/keywords/check_blocks.hpp"

namespace sustain::parser {

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

}  // namespace sustain::parser
