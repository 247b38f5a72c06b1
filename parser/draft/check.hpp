// A health check while it is being read, and what virtual servers and real servers hand down to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "checker/config.hpp"
#include "core/address.hpp"
#include "core/boxed.hpp"
#include "core/time.hpp"
#include "parser/draft/scripts.hpp"
#include "parser/report.hpp"

namespace sustain::parser {

/// What virtual servers, real servers and checks all have and hand down (spec/lvs.md 2.1). Its rows: check_rows.hpp.
struct CheckDefaults {
    std::optional<unsigned> retry;
    std::optional<core::Duration> delay_before_retry;
    std::optional<core::Duration> delay_loop;
    std::optional<core::Duration> warmup;
    std::optional<core::Duration> connect_timeout;
    std::optional<bool> alpha;
};

/// Where a check connects to, and from where. Its rows: checks/target_rows.hpp.
struct TargetDraft {
    std::optional<core::Address> connect_ip;
    std::optional<std::uint16_t> connect_port;
    std::optional<core::Address> bindto;
    std::optional<std::uint16_t> bind_port;
    std::string bind_if;
    std::uint32_t fwmark = 0;
};

/// host { … } in an SMTP_CHECK: a check of its own, which the enclosing one lends everything but target and timeout.
struct HostDraft : TargetDraft {
    std::optional<core::Duration> connect_timeout;
};

/// url { … } in an HTTP_GET or SSL_GET.
struct UrlDraft {
    checker::Url value;
    std::optional<std::string> path;
    std::optional<std::string> pattern;  ///< of regex
    checker::Regex regex;                ///< what else is said about it
    Place regex_place;                   ///< the first line about it
    bool has_regex_line = false;
};

struct CheckDraft : CheckDefaults, TargetDraft {
    Place place;
    bool log_all_failures = false;
    bool named = false;    ///< helo_name or name has been given
    bool refused = false;  ///< it goes at the end of its block; the reason has been reported
    checker::Kind kind;
    std::vector<HostDraft> hosts;
    core::Boxed<ScriptDraft> script;  ///< of a MISC_CHECK
};

/// The kinds that an open CheckDraft has details of.
template <typename T>
concept BoxedKind = std::is_constructible_v<checker::Kind, core::Boxed<T>>;

}  // namespace sustain::parser
