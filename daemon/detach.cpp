#include "daemon/detach.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/unique_fd.hpp"

namespace sustain::daemon {

core::Result<> detach() {
    const pid_t pid = ::fork();
    if (pid < 0) {
        return core::failure("going into the background", errno);
    }
    if (pid > 0) {
        ::_exit(0);
    }
    ::setsid();
    const core::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (::chdir("/") != 0 || !null) {
        return core::failure("going into the background", errno);
    }
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::dup2(null.get(), standard);
    }
    return {};
}

}  // namespace sustain::daemon
