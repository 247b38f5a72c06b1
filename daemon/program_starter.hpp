// Starts programs without copying this process: the child shares our memory until its exec, as with vfork(2), so that
// the size of the parent costs nothing. Between the two it only makes system calls: it becomes the account that the
// program runs as, and gives back what this process has got for itself (spec/cli.md 19.3).
//
// We stand still from the clone to the exec, which takes less than a millisecond; of a program on a network file system
// whose server hangs it can be long, which is a reason for having scripts on a local disk.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <string>
#include <vector>

#include "core/command.hpp"
#include "core/error.hpp"
#include "core/unique_fd.hpp"

namespace sustain::daemon {

struct StartedProgram {
    pid_t pid = 0;  ///< also the number of its process group
    core::UniqueFd pidfd;
};

class ProgramStarter {
public:
    /// Remembers the limits, the priority and the environment that programs are to have: those that we have now, less
    /// NOTIFY_SOCKET, IFS, LD_PRELOAD and LD_LIBRARY_PATH.
    ProgramStarter();
    ~ProgramStarter();
    ProgramStarter(const ProgramStarter&) = delete;
    ProgramStarter& operator=(const ProgramStarter&) = delete;

    /// The program runs in a process group of its own, with /dev/null as its standard descriptors and no others, all
    /// signals in their default state, and gets SIGTERM when we die. A file without `#!` is run by /bin/sh. Errors are
    /// those of exec and of becoming the account.
    [[nodiscard]] core::Result<StartedProgram> start(const core::Command& command);

    static constexpr std::array kLimits{RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_RTTIME, RLIMIT_MEMLOCK};

private:
    std::vector<std::string> environment_;
    std::vector<char*> environment_pointers_;
    std::array<rlimit, kLimits.size()> limits_{};
    int nice_ = 0;
    core::UniqueFd null_;
    void* stack_ = nullptr;  ///< of the child until its exec
};

}  // namespace sustain::daemon
