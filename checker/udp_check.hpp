// UDP_CHECK: a datagram is not answered by an error, and perhaps by the right reply (spec/lvs.md 5.8).
#pragma once

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// One attempt, which takes connect_timeout at most and, where silence is the success, at least. `check` is what
/// identity.kind holds; the identity must outlive the attempt.
[[nodiscard]] core::Awaitable<Attempt> udp_check(core::Loop& loop, const Identity& identity, const UdpCheck& check);

}  // namespace sustain::checker
