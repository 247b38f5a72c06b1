// The rows that virtual servers, real servers and their checks share, because the outer ones hand their values down to
// the inner ones (spec/lvs.md 2.1). Target is the draft that the rows fill, something that derives from CheckDefaults.
#pragma once

#include "parser/actions.hpp"
#include "parser/draft/check.hpp"
#include "parser/keywords/join.hpp"

namespace sustain::parser {

/// Where the rows stand.
enum class Level : std::uint8_t { virtual_server, real_server, check };

/// What counts if neither a check nor the servers around it say anything.
struct CheckFallbacks {
    std::string_view retry = "1";
    std::string_view delay_before_retry = "1";  ///< seconds
};

/// Whose value counts where the row is not written.
constexpr std::string_view inherited_from(Level level, std::string_view virtual_server, std::string_view real_server) {
    return level == Level::check ? real_server : level == Level::real_server ? virtual_server : std::string_view{};
}

/// retry, delay_before_retry, warmup and delay_loop. Without any warmup, a check takes its own delay_loop for one.
template <typename Target>
constexpr std::array<Keyword, 4> timing_rows(Level level, CheckFallbacks fallbacks = {}) {
    const bool check = level == Level::check;
    return {{
        {.name = "retry",
         .missing = Missing::fatal,
         .value = check ? number(0, kMaxUnsigned) : number(1, kMaxUnsigned, kStrict),
         .apply = store<&CheckDefaults::retry, Target>,
         .arguments = "N",
         .fallback = check ? fallbacks.retry : std::string_view{},
         .inherits = inherited_from(level, "virtual_server/retry", "virtual_server/real_server/retry")},
        {.name = "delay_before_retry",
         .missing = Missing::fatal,
         .value = seconds(0, kMaxDecimal),
         .apply = store<&CheckDefaults::delay_before_retry, Target>,
         .arguments = "SECONDS",
         .fallback = check ? fallbacks.delay_before_retry : std::string_view{},
         .inherits = inherited_from(level, "virtual_server/delay_before_retry",
                                    "virtual_server/real_server/delay_before_retry"),
         .unit = "seconds"},
        {.name = "warmup",
         .missing = Missing::fatal,
         .value = seconds(0, kMaxDecimal),
         .apply = store<&CheckDefaults::warmup, Target>,
         .arguments = "SECONDS",
         .inherits = inherited_from(level, "virtual_server/warmup", "virtual_server/real_server/warmup"),
         .unit = "seconds"},
        {.name = "delay_loop",
         .missing = Missing::fatal,
         .value = seconds(1, kMaxDecimal),
         .apply = store<&CheckDefaults::delay_loop, Target>,
         .arguments = "SECONDS",
         .fallback = "60",
         .inherits = inherited_from(level, "virtual_server/delay_loop", "virtual_server/real_server/delay_loop"),
         .unit = "seconds"},
    }};
}

/// connect_timeout, for those that connect.
template <typename Target>
constexpr Keyword connect_timeout_row(Level level) {
    return {.name = "connect_timeout",
            .missing = Missing::fatal,
            .value = seconds(1, kMaxUnsigned),
            .apply = store<&CheckDefaults::connect_timeout, Target>,
            .arguments = "SECONDS",
            .fallback = "5",
            .inherits =
                inherited_from(level, "virtual_server/connect_timeout", "virtual_server/real_server/connect_timeout"),
            .unit = "seconds"};
}

/// alpha: a flag of virtual servers, a boolean elsewhere.
template <typename Target>
constexpr Keyword alpha_row(Level level) {
    Keyword row{.name = "alpha",
                .inherits = inherited_from(level, "virtual_server/alpha", "virtual_server/real_server/alpha")};
    if (level == Level::virtual_server) {
        row.apply = set<&CheckDefaults::alpha, true, Target>;
    } else {
        row.value = boolean();
        row.apply = store<&CheckDefaults::alpha, Target>;
        row.arguments = "[BOOL]";
        row.fallback = "off";
    }
    return row;
}

/// virtualhost, as long as it is one line: a second one is reported and replaces the first. Inherits: as of Keyword.
template <auto Member>
constexpr Keyword virtualhost_row(std::string_view inherits = {}) {
    return {.name = "virtualhost",
            .missing = Missing::reported,
            .value = word(),
            .apply = replace<Member>,
            .arguments = "NAME",
            .inherits = inherits};
}

}  // namespace sustain::parser
