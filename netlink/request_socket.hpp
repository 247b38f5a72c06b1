// A netlink socket for requests: many in one send, of which the last is acknowledged and the others if they are
// refused; what the kernel says is matched by sequence number. Several coroutines may use one socket: their
// transactions run one after another. What the kernel says unasked is the business of a monitor on a socket of its own.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "netlink/acknowledgements.hpp"
#include "netlink/message.hpp"
#include "netlink/replies.hpp"
#include "netlink/turns.hpp"

namespace sustain::netlink {

/// How much goes into one send, and how long an answer is waited for. The kernel works a batch off before the send
/// returns, so that a batch is also the longest time that the loop is held up: one that took long is followed by
/// smaller ones.
struct RequestLimits {
    std::size_t messages = 100;
    std::size_t octets = 64 * 1024;
    ReceiveBuffer receive_buffer{};                     ///< an acknowledgement takes about 800 octets
    core::Duration patience = std::chrono::seconds(5);  ///< since the last word of the kernel
    /// Asked between two batches: whether somebody has to run who cannot wait. Otherwise the next batch follows at
    /// once, for a while. Without it everybody gets a turn after each batch.
    std::function<bool()> others_wait{};
};

class RequestSocket {
public:
    /// \param protocol NETLINK_ROUTE, NETLINK_GENERIC …
    [[nodiscard]] static core::Result<std::unique_ptr<RequestSocket>> open(core::Loop& loop, int protocol,
                                                                           RequestLimits limits = {});

    /// Sends all messages and awaits what the kernel has to say about them. \return one Outcome a message, in order:
    /// ETIMEDOUT where the kernel has not answered within limits.patience, ENOBUFS where it cannot, however often it is
    /// asked.
    ///
    /// Answers that the kernel had to drop (overrun) are got by asking again, so in that rare case an EEXIST
    /// or ENOENT may speak of what this very transaction has done.
    /// The socket must outlive the call.
    [[nodiscard]] core::Awaitable<std::vector<Outcome>> transact(std::vector<Message> messages);
    /// The same for a single message.
    [[nodiscard]] core::Awaitable<Outcome> transact(Message message);

    /// Sends a question and collects what the kernel replies, with NLM_F_DUMP all parts. A dump that a change has
    /// disturbed (NLM_F_DUMP_INTR) is asked for again, five times at most; then the error is EINTR.
    /// \param attempt for the error: "reading the services"
    [[nodiscard]] core::Awaitable<core::Result<Replies>> query(Message question, std::string attempt);

    void set_receive_buffer(const ReceiveBuffer& buffer) {
        netlink::set_receive_buffer(descriptor_.native_handle(), buffer);
    }

    /// What a monitor sees as the author of the changes that were asked for here (nlmsg_pid); 0 if unknown.
    [[nodiscard]] std::uint32_t port();

private:
    RequestSocket(core::Loop& loop, core::UniqueFd socket, RequestLimits limits);

    void adapt_batch(core::Duration took);
    core::Awaitable<> transact_batch(std::span<Message> batch, std::span<std::optional<Outcome>> outcomes);
    core::Awaitable<int> await_acknowledgements(Acknowledgements& acknowledgements, bool last_is_enough);
    core::Awaitable<int> collect(std::uint32_t sequence, Replies& replies);
    core::Awaitable<bool> readable();

    core::Loop& loop_;
    core::asio::posix::stream_descriptor descriptor_;
    RequestLimits limits_;
    Turns turns_;
    std::uint32_t sequence_ = 1;
    std::size_t messages_;  ///< of a batch, at present
    std::vector<std::uint8_t> buffer_;
};

}  // namespace sustain::netlink
