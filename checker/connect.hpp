// The beginning of every network check: a TCP connection that is opened as the configuration says, or the reason why
// there is none (spec/lvs.md 5.1).
#pragma once

#include "checker/config.hpp"
#include "checker/verdict.hpp"
#include "core/loop.hpp"
#include "core/time.hpp"

namespace sustain::checker {

/// A connected stream socket.
using Socket = core::asio::posix::stream_descriptor;

struct Connection {
    Outcome outcome = Outcome::abandoned;
    Socket socket;  ///< open only with Outcome::success
};

/// Opens a non-blocking, close-on-exec socket, applies fwmark, interface and source address, connects, and waits for
/// the answer until `deadline`. No SO_REUSEADDR: a fixed source port that is still in TIME_WAIT abandons the attempt.
[[nodiscard]] core::Awaitable<Connection> connect(core::Loop& loop, Endpoint endpoint, core::TimePoint deadline);

/// Waits until `socket` is ready for `what`; false if `deadline` comes first. The steps of a check pass the same
/// deadline, so that a server that drips octets does not hold it. The socket must outlive the wait.
[[nodiscard]] core::Awaitable<bool> ready_before(Socket& socket, Socket::wait_type what, core::TimePoint deadline);

}  // namespace sustain::checker
