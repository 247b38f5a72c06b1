// Going into the background (spec/cli.md section 9).
#pragma once

#include "core/error.hpp"

namespace sustain::daemon {

/// Forks; the calling process ends with status 0, the new one leads a session of its own, in "/", with the null device
/// on standard input, output and error. Must be called before anything is on an event loop.
[[nodiscard]] core::Result<> detach();

}  // namespace sustain::daemon
