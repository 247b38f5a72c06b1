// The sockets of checks and the waiting for them. Thousands of them are opened, waited for once or twice and closed
// again, so this is a leaner way than Asio's: one epoll set of our own, in which each socket is registered once and
// leaves by being closed, and one timer for all deadlines. To Asio it is a single descriptor.
#pragma once

#include <cstdint>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/time.hpp"
#include "core/unique_fd.hpp"

namespace sustain::checker {

class SocketService;

/// A non-blocking socket that can be waited for, by one coroutine at a time. Moves; closes itself. It ends before the
/// loop does, as everything in a coroutine's frame.
class Socket {
public:
    Socket() = default;
    /// Takes a non-blocking socket over. An Error says that the kernel does not let it be watched.
    [[nodiscard]] static core::Result<Socket> watch(core::Loop& loop, core::UniqueFd fd);
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;
    ~Socket() { close(); }

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] bool is_open() const { return static_cast<bool>(fd_); }
    void close();

    /// Waits until there may be something to read, be it an error or the end; false if `deadline` comes first. To be
    /// called when a read has found nothing, or before the first one. The socket must stay where it is meanwhile.
    [[nodiscard]] core::Awaitable<bool> readable(core::TimePoint deadline);
    /// The same for writing. A connection that could not be made can be written to, too: has_error() tells.
    [[nodiscard]] core::Awaitable<bool> writable(core::TimePoint deadline);
    /// Whether a wait has found something wrong with it; pending_error() says what.
    [[nodiscard]] bool has_error() const;

private:
    [[nodiscard]] core::Awaitable<bool> wait(std::uint32_t events, core::TimePoint deadline);

    SocketService* service_ = nullptr;
    std::uint32_t slot_ = 0;
    core::UniqueFd fd_;
};

}  // namespace sustain::checker
