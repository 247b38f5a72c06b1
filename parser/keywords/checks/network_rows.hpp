// The rows that all checks of a server over the network have.
#pragma once

#include "parser/keywords/check_rows.hpp"
#include "parser/keywords/checks/target_rows.hpp"

namespace sustain::parser {

constexpr std::string_view kNotRun = "it has no effect, the check is not run";

inline constexpr Keyword kLogAllFailuresRow = {.name = "log_all_failures",
                                               .value = boolean(),
                                               .apply = store<&CheckDraft::log_all_failures>,
                                               .arguments = "[BOOL]",
                                               .fallback = "off",
                                               .inherits = "global_defs/checker_log_all_failures"};

template <BindFamily Family = BindFamily::of_target>
constexpr auto network_rows(CheckFallbacks fallbacks = {}) {
    return join(target_rows<CheckDraft, Family>(), std::array{connect_timeout_row<CheckDraft>(Level::check)},
                timing_rows<CheckDraft>(Level::check, fallbacks),
                std::array{alpha_row<CheckDraft>(Level::check), kLogAllFailuresRow});
}

}  // namespace sustain::parser
