// Without dynamic_interfaces, every interface that is named has to be there (spec/semantic-checks-core.md 4.1). Only
// after the last line it is known whether global_defs, which may stand anywhere, has that.
#include "parser/check/check.hpp"

namespace sustain::parser {

bool check_interfaces_exist(Context& context) {
    constexpr int kConfigurationStatus = 2;
    Draft& draft = context.draft;
    if (!draft.config.global.dynamic_interfaces) {
        for (const auto& [place, complaint] : draft.unknown_interfaces) {
            context.report.environment_error(Rank::fatal, Prefix::file_line, place, complaint,
                                             "dynamic_interfaces in global_defs lets interfaces come later");
        }
    }
    if (draft.config.global.dynamic_interfaces || draft.missing_interfaces.empty()) {
        return true;
    }
    for (const MissingInterface& missing : draft.missing_interfaces) {
        context.report.environment_error(Rank::warning, Prefix::file_line, missing.place, missing.complaint,
                                         "dynamic_interfaces in global_defs lets interfaces come later");
    }
    context.report.environment_error(Rank::general, Prefix::none, draft.missing_interfaces.front().place,
                                     "Non-existent interface specified in configuration");
    context.vrrp_fatal = kConfigurationStatus;
    return false;
}

}  // namespace sustain::parser
