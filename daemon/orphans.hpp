// Children of our children that became ours because their parent ended, as happens to process 1 of a container.
#pragma once

#include <sys/types.h>

#include <functional>

namespace sustain::daemon {

/// Reaps orphans that have ended. `is_own` tells the children that somebody else waits for.
void reap_orphans(const std::function<bool(pid_t)>& is_own);

}  // namespace sustain::daemon
