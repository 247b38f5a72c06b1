// TCP_CHECK: the real server accepts connections (spec/lvs.md 5.2).
#pragma once

#include "checker/config.hpp"
#include "checker/verdict.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// One attempt. Nothing is sent or read, and the connection is closed at once in the normal way. It takes
/// connect_timeout at most.
[[nodiscard]] core::Awaitable<Outcome> tcp_check(core::Loop& loop, Identity identity);

}  // namespace sustain::checker
