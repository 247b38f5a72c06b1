// Children of our children that became ours because their parent ended, as happens to process 1 of a container.
#pragma once

#include <sys/types.h>

#include <initializer_list>

namespace sustain::daemon {

/// Reaps orphans that have ended. `own` are the children that somebody else waits for; 0 stands for none.
void reap_orphans(std::initializer_list<pid_t> own);

}  // namespace sustain::daemon
