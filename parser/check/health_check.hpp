// A health check as the checker child wants it: what is written at the check, at its real server and at the virtual
// server, and what counts where nothing is.
#pragma once

#include "checker/config.hpp"
#include "parser/draft/virtual_server.hpp"

namespace sustain::parser {

/// Inherits (spec/lvs.md 2.1). Port: of the real server as written, which is not the one that it may inherit. The names
/// of the servers are left to the caller.
[[nodiscard]] checker::Check make_check(const CheckDraft& draft, const RealServerDraft& real_server, std::uint16_t port,
                                        const VirtualServerDraft& virtual_server);

}  // namespace sustain::parser
