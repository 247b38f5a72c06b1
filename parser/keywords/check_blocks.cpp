#include "parser/keywords/check_blocks.hpp"

#include "parser/keywords/checks/target_rows.hpp"

namespace sustain::parser {

bool keep_reachable(Context& context, const Statement& statement) {
    const auto& server = context.draft.current<RealServerDraft>();
    const CheckDraft& draft = server.checks.back();
    const core::Address& target = draft.connect_ip ? *draft.connect_ip : server.address;
    if (!lacks_interface(draft, target)) {
        return true;
    }
    report_no_interface(context, statement, target);
    drop_check(context);
    return false;
}

void drop_check(Context& context) {
    context.draft.current<RealServerDraft>().checks.pop_back();
}

void close_network_check(Context& context, const Statement& statement) {
    (void)keep_reachable(context, statement);
}

}  // namespace sustain::parser
