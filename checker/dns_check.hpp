// DNS_CHECK: the real server answers a query without error (spec/lvs.md 5.7).
#pragma once

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// One attempt: one query over UDP from a socket of its own. It takes connect_timeout at most. `check` is what
/// identity.kind holds; the identity must outlive the attempt.
[[nodiscard]] core::Awaitable<Attempt> dns_check(core::Loop& loop, const Identity& identity, const DnsCheck& check);

}  // namespace sustain::checker
