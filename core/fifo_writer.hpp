// Writes lines to a named pipe that others read. Nothing that a reader does, or that nobody reads at all, holds us up:
// the pipe is opened for reading, too, so that it never is without a reader; what it does not take waits in a bounded
// queue; what the queue does not take is lost, counted, and logged once.
#pragma once

#include <sys/types.h>

#include <deque>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/unique_fd.hpp"

namespace sustain::core {

class FifoWriter {
public:
    /// Lines that wait for room in a full pipe, which itself holds 64 KiB.
    static constexpr std::size_t kLongestQueue = 4096;

    /// Opens the pipe at `path`, and makes it if there is nothing: with mode 0644 less the umask, for `user` and
    /// `group`. What is there already must be a pipe that belongs to us or to `user`, and is left as it is. A symbolic
    /// link at the end of the path is not followed.
    [[nodiscard]] static Result<FifoWriter> open(Loop& loop, std::string path, uid_t user, gid_t group);

    FifoWriter(FifoWriter&&) noexcept;
    FifoWriter& operator=(FifoWriter&&) noexcept;
    /// Removes the pipe if it was made by open() and is still the one that the path names. Lines that wait are lost.
    ~FifoWriter();

    /// `line` without its line feed. Lines arrive whole and in order, or not at all.
    void write(std::string_view line);
    /// While held, lines wait: a reader that is about to end would take them along.
    void hold(bool held);

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t lost() const;
    /// Octets that nobody has read yet.
    [[nodiscard]] std::size_t unread() const;

private:
    class State;
    explicit FifoWriter(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;  ///< shared with the wait for room
};

}  // namespace sustain::core
