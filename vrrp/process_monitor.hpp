// The kernel's word about every fork, exec, change of name and exit (the process connector), and a look at /proc. Only
// the initial network namespace is told.
#pragma once

#include <dirent.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/unique_fd.hpp"
#include "vrrp/process_table.hpp"

namespace sustain::vrrp {

struct ProcessEvent {
    enum class Kind : std::uint8_t { confirmed, fork, changed, exit };
    Kind kind = Kind::fork;
    pid_t pid = 0;
    pid_t parent = 0;  ///< of a fork
    int error = 0;     ///< of confirmed: why there will be no events; 0: there will be
};

class ProcessMonitor {
public:
    /// Asks the kernel for its messages. Needs CAP_NET_ADMIN. An answer comes as the first event.
    /// \param buffer of received messages, in octets; 0: as the system has it \param force beyond its limit
    [[nodiscard]] static core::Result<std::unique_ptr<ProcessMonitor>> open(core::Loop& loop, std::uint32_t buffer,
                                                                            bool force);
    ProcessMonitor(core::Loop& loop, core::UniqueFd socket) : socket_(loop, socket.release()) {}
    ProcessMonitor(const ProcessMonitor&) = delete;
    ProcessMonitor& operator=(const ProcessMonitor&) = delete;

    /// What has happened, some hundred events at most. ENOBUFS: messages have been lost, and a look at /proc that
    /// begins now finds what they said.
    [[nodiscard]] core::Awaitable<core::Result<std::vector<ProcessEvent>>> next();

    void close() { socket_.close(); }

private:
    core::asio::posix::stream_descriptor socket_;
    bool lost_ = false;
};

/// What the octets of one message say; nothing if that is none of our business.
[[nodiscard]] std::optional<ProcessEvent> parse_process_event(std::span<const std::uint8_t> message);

/// Nothing of a process that is gone or a zombie.
[[nodiscard]] std::optional<ProcessFacts> read_process(pid_t pid, bool with_command_line);

/// Goes through /proc in steps.
class ProcessScan {
public:
    ProcessScan();
    /// The next process numbers, `most` at most; none: that was all.
    [[nodiscard]] std::vector<pid_t> step(std::size_t most);

private:
    struct Close {
        void operator()(DIR* folder) const { ::closedir(folder); }
    };
    std::unique_ptr<DIR, Close> folder_;
};

}  // namespace sustain::vrrp
