// Giving up what a process does not need (libcap).
#pragma once

#include <sys/capability.h>

#include <vector>

#include "core/error.hpp"

namespace sustain::core {

/// Leaves this process the given capabilities (CAP_NET_RAW …), as far as it has them, and takes everything else away
/// for good: effective, permitted, inheritable, ambient and bounding set; no_new_privs is set. The user stays.
[[nodiscard]] Result<> keep_only_capabilities(const std::vector<cap_value_t>& kept);

}  // namespace sustain::core
