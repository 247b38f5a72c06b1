// A health check while it is being read, and what virtual servers and real servers hand down to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/address.hpp"
#include "core/time.hpp"
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

struct CheckDraft : CheckDefaults {
    Place place;
    std::optional<core::Address> connect_ip;
    std::optional<std::uint16_t> connect_port;
    std::optional<core::Address> bindto;
    std::optional<std::uint16_t> bind_port;
    std::string bind_if;
    std::uint32_t fwmark = 0;
    bool log_all_failures = false;
};

}  // namespace sustain::parser
