// Programs that the configuration names, to be run by the parent: notify scripts, checks, track scripts. No shell is
// involved, so a command is a list of words and the account that it runs as.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace sustain::core {

/// Whose rights a program has.
struct Account {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  ///< supplementary ones

    bool operator==(const Account&) const = default;
};

struct Command {
    std::vector<std::string> arguments;  ///< the first one is the program, with its full path; empty: nothing is run
    Account account;

    /// False: it was written, but must not or cannot be run.
    [[nodiscard]] bool usable() const { return !arguments.empty(); }
    bool operator==(const Command&) const = default;
};

/// Names a command by its place in the list of its subsystem's configuration. Thousands of objects with one script
/// share it, and a child asks the parent to run a number, never a command line.
using CommandNumber = std::uint32_t;
constexpr CommandNumber kNoCommand = std::numeric_limits<CommandNumber>::max();

/// How a command ended.
struct CommandStatus {
    enum class How : std::uint8_t {
        exited,     ///< code: its exit status
        killed,     ///< code: the number of the signal
        timed_out,  ///< it was ended because its time was over
        not_run,    ///< it could not be started, or was not allowed to be; code: errno
    };
    How how = How::exited;
    std::uint8_t code = 0;

    [[nodiscard]] bool succeeded() const { return how == How::exited && code == 0; }
    bool operator==(const CommandStatus&) const = default;
};

}  // namespace sustain::core
