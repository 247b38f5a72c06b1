#include "daemon/orphans.hpp"

#include <sys/wait.h>

namespace sustain::daemon {

void reap_orphans(const std::function<bool(pid_t)>& is_own) {
    for (;;) {
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0 || is_own(info.si_pid)) {
            // An own child that waits to be reaped hides orphans behind it: the next SIGCHLD finds them.
            return;
        }
        ::waitpid(info.si_pid, nullptr, 0);
    }
}

}  // namespace sustain::daemon
