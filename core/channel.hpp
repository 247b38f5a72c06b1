// The line between the parent and one child: a SOCK_SEQPACKET socket that carries one Message a packet, and with it
// at most one file descriptor. Sending never blocks and never fails visibly: what the socket does not take waits in
// memory; that the other side is gone is told by receive().
#pragma once

#include <deque>
#include <utility>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/message.hpp"
#include "core/unique_fd.hpp"

namespace sustain::core {

/// Two connected ends, close-on-exec and non-blocking.
[[nodiscard]] Result<std::pair<UniqueFd, UniqueFd>> make_channel_ends();

class Channel {
public:
    struct Received {
        Message message;
        UniqueFd attached;  ///< set only if one came with the message
    };

    Channel(Loop& loop, UniqueFd end);

    void send(const Message& message, UniqueFd attached = {});

    /// The next message. An Error with code 0 says that the other side closed its end, one with EBADMSG that it sent
    /// something that is not a Message (which is then skipped: receive() may be called again).
    [[nodiscard]] Awaitable<Result<Received>> receive();

    /// Messages that wait for room in the socket.
    [[nodiscard]] std::size_t backlog() const { return outgoing_.size(); }

    /// Cancels a pending receive() and forgets the backlog.
    void close();

private:
    struct Outgoing {
        std::vector<std::uint8_t> octets;
        UniqueFd attached;
    };

    void flush();
    void wait_for_room();

    asio::posix::stream_descriptor descriptor_;
    std::deque<Outgoing> outgoing_;
    bool waiting_for_room_ = false;
};

}  // namespace sustain::core
