// The beginning of every check over TCP: a connection that is opened as the configuration says, or the reason why there
// is none (spec/lvs.md 5.1).
#pragma once

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "checker/socket.hpp"
#include "core/loop.hpp"
#include "core/time.hpp"

namespace sustain::checker {

struct Connection {
    Outcome outcome = Outcome::abandoned;
    Socket socket;       ///< open only with Outcome::success
    std::string reason;  ///< why not, for people
};

/// Opens a socket, applies fwmark, interface and source address, connects, and waits for the answer until `deadline`.
/// The endpoint must outlive the wait.
[[nodiscard]] core::Awaitable<Connection> connect(core::Loop& loop, const Endpoint& endpoint, core::TimePoint deadline);

}  // namespace sustain::checker
