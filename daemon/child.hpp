// A child process as the parent sees it: its pid, its channel, and its end, seen through a pidfd.
#pragma once

#include <sys/types.h>

#include <functional>
#include <vector>

#include "core/channel.hpp"
#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/unique_fd.hpp"

namespace sustain::daemon {

class Child {
public:
    struct Exit {
        bool by_signal = false;
        int code = 0;  ///< exit status, or the number of the signal

        /// It ended as it was asked to, by us or by somebody else.
        [[nodiscard]] bool is_orderly() const { return !by_signal && code == 0; }

        /// Says why a restart cannot mend it, if so (spec/cli.md section 5.1): "CONFIG" and the like.
        [[nodiscard]] std::string_view permanent_error() const;
    };

    /// What the child does. It gets its end of the channel; what it returns is its exit status. It runs in a copy of
    /// the parent's memory but must not touch the parent's Loop nor anything on it.
    using Body = std::function<int(core::UniqueFd channel)>;

    /// Forks. Of the parent's descriptors the child keeps standard input, output and error, its end of the channel
    /// and those in `kept`. It gets SIGTERM when the parent dies.
    [[nodiscard]] static core::Result<std::shared_ptr<Child>> start(core::Loop& loop, const Body& body,
                                                                    const std::vector<int>& kept);

    Child(core::Loop& loop, pid_t pid, core::UniqueFd pidfd, core::UniqueFd channel);

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] core::TimePoint started() const { return started_; }
    [[nodiscard]] core::Channel& channel() { return channel_; }

    /// Waits for the end of the process and reaps it. To be called once.
    [[nodiscard]] core::Awaitable<Exit> exited();

    void kill();

private:
    pid_t pid_;
    core::TimePoint started_ = core::now();
    boost::asio::posix::stream_descriptor pidfd_;
    core::Channel channel_;
};

}  // namespace sustain::daemon
