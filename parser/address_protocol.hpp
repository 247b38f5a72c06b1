// The mark that says whose an address is (IFA_PROTO), as iproute2 names it.
#pragma once

#include <cstdint>

#include "core/config/files.hpp"
#include "parser/environment.hpp"

namespace sustain::parser {

/// The number that rt_addrprotos gives to "keepalived"; without such a name 18, as for routes (spec/routes-rules.md 2).
[[nodiscard]] std::uint8_t address_protocol(const core::FileSettings& files, const Environment& machine);

}  // namespace sustain::parser
