// Loading a kernel module the way the kernel itself does: through the system's modprobe.
#pragma once

#include <string>

#include "core/error.hpp"
#include "core/loop.hpp"

namespace sustain::ipvs {

/// Runs modprobe for `module` and awaits its end, at most 10 seconds. An Error if it cannot be run or fails.
[[nodiscard]] core::Awaitable<core::Result<>> load_module(core::Loop& loop, std::string module);

}  // namespace sustain::ipvs
