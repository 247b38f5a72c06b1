// MISC_CHECK: a script says so by its exit status (spec/lvs.md 5.10). The script is run by the parent.
#pragma once

#include <string_view>

#include "checker/commands.hpp"
#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

/// The reason of a failure by the clock.
constexpr std::string_view kScriptTimedOut = "timed out";

/// What the end of a script amounts to. A script that could not be run at all says nothing about the real server.
[[nodiscard]] Attempt judge(const MiscCheck& check, core::CommandStatus status);

/// One run of the script of check number `number`. The parent sees to it that it ends. Commands and check must
/// outlive it.
[[nodiscard]] core::Awaitable<Attempt> misc_check(Commands& commands, std::uint32_t number, const MiscCheck& check);

}  // namespace sustain::checker
