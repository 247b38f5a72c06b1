#include "netlink/request_socket.hpp"

#include <sys/socket.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <ctime>

namespace sustain::netlink {

namespace {

constexpr int kAttempts = 5;  // without any progress
constexpr core::Duration kNap = std::chrono::milliseconds(10);
constexpr core::Duration kLongBatch = std::chrono::milliseconds(1);
constexpr std::size_t kSmallBatch = 10;
constexpr core::Duration kLongTurn = std::chrono::milliseconds(50);  // where nobody is in a hurry

/// How many of the messages fit into one batch: at least one.
std::size_t batch_size(std::span<const Message> messages, std::size_t most, std::size_t most_octets) {
    std::size_t count = 0;
    std::size_t octets = 0;
    while (count < messages.size() && count < most) {
        octets += messages[count].octets().size();
        if (count > 0 && octets > most_octets) {
            break;
        }
        ++count;
    }
    return count;
}

/// What this thread has computed so far, in the kernel, too. On a busy machine the clock says nothing about a batch.
core::Duration cpu_time() {
    timespec used{};
    (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) +
           std::chrono::duration_cast<core::Duration>(std::chrono::nanoseconds(used.tv_nsec));
}

core::Awaitable<> nap(core::Loop& loop) {
    core::Timer timer(loop, kNap);
    (void)co_await timer.async_wait(core::as_tuple_awaitable);
}

}  // namespace

core::Result<std::unique_ptr<RequestSocket>> RequestSocket::open(core::Loop& loop, int protocol, RequestLimits limits) {
    auto socket = open_netlink_socket(protocol, limits.receive_buffer);
    if (!socket) {
        return std::unexpected(std::move(socket.error()));
    }
    return std::unique_ptr<RequestSocket>(new RequestSocket(loop, std::move(*socket), std::move(limits)));
}

RequestSocket::RequestSocket(core::Loop& loop, core::UniqueFd socket, RequestLimits limits)
    : loop_(loop),
      descriptor_(loop, socket.release()),
      limits_(std::move(limits)),
      turns_(loop),
      messages_(limits_.messages),
      buffer_(kLargestDatagram) {}

std::uint32_t RequestSocket::port() {
    sockaddr_nl self{};
    socklen_t length = sizeof self;
    const bool known = ::getsockname(descriptor_.native_handle(), reinterpret_cast<sockaddr*>(&self), &length) == 0;
    return known ? self.nl_pid : 0;
}

core::Awaitable<std::vector<Outcome>> RequestSocket::transact(std::vector<Message> messages) {
    const auto turn = co_await turns_.next();
    std::vector<std::optional<Outcome>> outcomes(messages.size());
    core::TimePoint turn_began = core::now();
    for (std::size_t begin = 0; begin < messages.size();) {
        const std::size_t count = batch_size(std::span(messages).subspan(begin), messages_, limits_.octets);
        const core::Duration before = cpu_time();
        co_await transact_batch(std::span(messages).subspan(begin, count), std::span(outcomes).subspan(begin, count));
        begin += count;
        adapt_batch(cpu_time() - before);
        const bool yields = !limits_.others_wait || core::now() - turn_began >= kLongTurn || limits_.others_wait();
        if (begin < messages.size() && yields) {
            co_await core::asio::post(loop_, core::asio::use_awaitable);
            turn_began = core::now();
        }
    }
    std::vector<Outcome> result;
    result.reserve(outcomes.size());
    for (auto& outcome : outcomes) {
        result.push_back(std::move(*outcome));
    }
    co_return result;
}

void RequestSocket::adapt_batch(core::Duration took) {
    if (took > kLongBatch) {
        messages_ = std::min(messages_, std::max(messages_ / 2, kSmallBatch));
    } else if (took < kLongBatch / 4) {
        messages_ = std::min(messages_ * 2, limits_.messages);
    }
}

core::Awaitable<Outcome> RequestSocket::transact(Message message) {
    std::vector<Message> messages;
    messages.push_back(std::move(message));
    auto outcomes = co_await transact(std::move(messages));
    co_return std::move(outcomes.front());
}

/// Afterwards every outcome is there.
core::Awaitable<> RequestSocket::transact_batch(std::span<Message> batch, std::span<std::optional<Outcome>> outcomes) {
    int code = ENOBUFS;
    bool asks_for_all = false;
    for (int attempt = 0; attempt < kAttempts && (code == ENOBUFS || code == EAGAIN); ++attempt) {
        std::vector<std::size_t> open;
        std::vector<const Message*> messages;
        Acknowledgements acknowledgements(sequence_, static_cast<std::size_t>(std::ranges::count(
                                                         outcomes, false, &std::optional<Outcome>::has_value)));
        for (std::size_t index = 0; index < batch.size(); ++index) {
            if (!outcomes[index]) {
                batch[index].header()->nlmsg_seq = sequence_++;
                // Refusals come unasked. What was dropped is asked for one by one.
                if (asks_for_all || index + 1 == batch.size()) {
                    batch[index].header()->nlmsg_flags |= NLM_F_ACK;
                }
                open.push_back(index);
                messages.push_back(&batch[index]);
            }
        }
        code = send_together(descriptor_.native_handle(), messages);
        if (code != 0) {
            co_await nap(loop_);
            continue;
        }
        code = co_await await_acknowledgements(acknowledgements, !asks_for_all);
        asks_for_all = true;
        if (acknowledgements.missing() < open.size()) {
            attempt = -1;
        }
        for (std::size_t index = 0; index < open.size(); ++index) {
            outcomes[open[index]] = std::move(acknowledgements.outcomes()[index]);
        }
    }
    for (auto& outcome : outcomes) {
        if (!outcome) {
            outcome = Outcome{code, {}};
        }
    }
}

/// \return 0: complete; ENOBUFS: some were dropped and will not come; else why they did not come.
core::Awaitable<int> RequestSocket::await_acknowledgements(Acknowledgements& acknowledgements, bool last_is_enough) {
    bool overrun = false;
    while (!acknowledgements.complete()) {
        if (last_is_enough && !overrun && acknowledgements.has_last()) {
            acknowledgements.settle_silent_ones();
            break;
        }
        const Received received = receive_short_datagrams(descriptor_.native_handle(), buffer_);
        for (const nlmsghdr* message : received.messages) {
            acknowledgements.take(message);
        }
        switch (received.kind) {
            case Received::Kind::messages: break;
            case Received::Kind::overrun: overrun = true; break;
            case Received::Kind::failed: co_return received.code;
            case Received::Kind::nothing:
                // The kernel has answered all before the send returned: what is not here now was dropped.
                if (overrun) {
                    co_return ENOBUFS;
                }
                if (!co_await readable()) {
                    co_return ETIMEDOUT;
                }
        }
    }
    co_return 0;
}

core::Awaitable<core::Result<Replies>> RequestSocket::query(Message question, std::string attempt) {
    const auto turn = co_await turns_.next();
    const bool dump = (question.header()->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
    if (!dump) {
        question.header()->nlmsg_flags |= NLM_F_ACK;  // ends the replies
    }
    Replies replies;
    int code = EINTR;
    for (int count = 0; count < kAttempts && code == EINTR; ++count) {
        replies.clear();
        const std::uint32_t sequence = sequence_++;
        question.header()->nlmsg_seq = sequence;
        const Message* message = &question;
        code = send_together(descriptor_.native_handle(), {&message, 1});
        if (code == 0) {
            code = co_await collect(sequence, replies);
        }
    }
    if (code != 0) {
        co_return core::failure(std::move(attempt), code);
    }
    co_return replies;
}

/// \return 0: complete; EINTR: something is missing, ask again; else why there is no reply.
core::Awaitable<int> RequestSocket::collect(std::uint32_t sequence, Replies& replies) {
    bool disturbed = false;
    for (;;) {
        const Received received = receive_datagram(descriptor_.native_handle(), buffer_);
        if (received.kind == Received::Kind::failed) {
            co_return received.code;
        }
        if (received.kind == Received::Kind::nothing) {
            const bool more = co_await readable();
            if (!more) {
                co_return ETIMEDOUT;
            }
        }
        disturbed |= received.kind == Received::Kind::overrun;
        for (const nlmsghdr* message : received.messages) {
            if (message->nlmsg_seq != sequence) {
                continue;  // a late answer to something given up
            }
            disturbed |= (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
            if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
                const int code = outcome_of(message).code;
                co_return code == 0 && disturbed ? EINTR : code;
            }
            replies.add(message);
        }
    }
}

core::Awaitable<bool> RequestSocket::readable() {
    using namespace core::asio::experimental::awaitable_operators;
    core::Timer patience(loop_, limits_.patience);
    const auto first =
        co_await (descriptor_.async_wait(core::asio::posix::stream_descriptor::wait_read, core::as_tuple_awaitable) ||
                  patience.async_wait(core::as_tuple_awaitable));
    co_return first.index() == 0;
}

}  // namespace sustain::netlink
