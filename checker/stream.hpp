// A connection of a check that talks: octets to a server and back, in the clear or within TLS, each step with a time
// limit of its own under one for the whole.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "checker/socket.hpp"
#include "checker/tls.hpp"
#include "core/loop.hpp"

namespace sustain::checker {

class Stream {
public:
    enum class State : std::uint8_t {
        open,
        ended,      ///< the server has said all that it wants to say
        timed_out,  ///< the time limit came first
        broken,     ///< reason() tells
    };

    explicit Stream(Socket socket) : socket_(std::move(socket)) {}

    /// Begins TLS with a session that has just been made for socket().
    [[nodiscard]] core::Awaitable<State> shake_hands(std::unique_ptr<TlsSession> tls, core::TimePoint deadline);
    /// All of it. The text must outlive the wait.
    [[nodiscard]] core::Awaitable<State> write(std::string_view text, core::TimePoint deadline);
    /// At least one octet into `room`, and how many: `count`. Both must outlive the wait.
    [[nodiscard]] core::Awaitable<State> read(std::span<std::uint8_t> room, std::size_t& count,
                                              core::TimePoint deadline);
    /// Sends close_notify, where the connection is one of TLS.
    void say_goodbye();

    [[nodiscard]] int fd() const { return socket_.fd(); }
    [[nodiscard]] const std::string& reason() const { return reason_; }

private:
    struct Step {
        State state = State::open;
        bool wants_read = false;   ///< and has to be repeated then
        bool wants_write = false;  ///< likewise
        std::size_t count = 0;
    };
    Step write_some(std::string_view text);
    Step read_some(std::span<std::uint8_t> room);
    Step judge(TlsSession::Step step);
    [[nodiscard]] core::Awaitable<bool> ready(Step step, core::TimePoint deadline);

    Socket socket_;
    std::unique_ptr<TlsSession> tls_;
    std::string reason_;
    unsigned reads_ = 0;
};

}  // namespace sustain::checker
