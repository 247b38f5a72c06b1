// SMTP_CHECK: the real server greets, answers HELO and says goodbye (spec/lvs.md 5.6).
#pragma once

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// One attempt. Connecting, and the wait for each read or write, take connect_timeout at most; the whole takes four
/// times as long at most, however slowly the server drips. `check` is what identity.kind holds; the identity must
/// outlive the attempt.
[[nodiscard]] core::Awaitable<Attempt> smtp_check(core::Loop& loop, const Identity& identity, const SmtpCheck& check);

}  // namespace sustain::checker
