// Texts that name things: the servers in messages, the checks across a reload.
#pragma once

#include <string>

#include "checker/config.hpp"
#include "core/address.hpp"
#include "ipvs/config.hpp"

namespace sustain::parser {

/// "[10.1.0.2]:udp:80" (spec/lvs.md section 2).
[[nodiscard]] std::string server_name(const core::Address& address, ipvs::Protocol protocol, std::uint16_t port);

/// The same text for equal identities, another one for others: the parent compares these and knows no checkers.
[[nodiscard]] std::string identity_text(const checker::Identity& identity);

}  // namespace sustain::parser
