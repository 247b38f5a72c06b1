// PING_CHECK: the real server answers echo requests (spec/lvs.md 5.9).
#pragma once

#include <cstdint>
#include <memory>

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "checker/socket.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// What a check keeps from one success to the next: its ping socket and the number of the last request. A failure
/// closes it, and the next attempt begins anew.
struct PingSession {
    Socket socket;
    std::uint16_t sequence = 0;
};

/// One attempt: one echo request. It takes connect_timeout at most. The identity must outlive it.
[[nodiscard]] core::Awaitable<Attempt> ping_check(core::Loop& loop, const Identity& identity,
                                                  std::shared_ptr<PingSession> session);

}  // namespace sustain::checker
