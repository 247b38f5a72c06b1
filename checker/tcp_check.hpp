// TCP_CHECK: the real server accepts connections (spec/lvs.md 5.2).
#pragma once

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// One attempt. Nothing is sent or read, and the connection is closed at once in the normal way. It takes
/// connect_timeout at most from `begun` on: there are so many of these that a look at the clock for each counts.
/// The identity must outlive it.
[[nodiscard]] core::Awaitable<Attempt> tcp_check(core::Loop& loop, const Identity& identity, core::TimePoint begun);

}  // namespace sustain::checker
