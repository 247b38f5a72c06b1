#include "checker/stream.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

namespace sustain::checker {

namespace {

/// A server that sends as fast as it can gets no more than so many reads before other work of the loop.
constexpr unsigned kReadsPerTurn = 16;

}  // namespace

core::Awaitable<Stream::State> Stream::shake_hands(std::unique_ptr<TlsSession> tls, core::TimePoint deadline) {
    tls_ = std::move(tls);
    for (;;) {
        const Step step = judge(tls_->shake_hands());
        if (!step.wants_read && !step.wants_write) {
            co_return step.state;
        }
        const bool in_time = co_await ready(step, deadline);
        if (!in_time) {
            co_return State::timed_out;
        }
    }
}

core::Awaitable<Stream::State> Stream::write(std::string_view text, core::TimePoint deadline) {
    while (!text.empty()) {
        const Step step = write_some(text);
        if (step.state != State::open) {
            co_return step.state;
        }
        text.remove_prefix(step.count);
        if (step.count == 0) {
            const bool in_time = co_await ready(step, deadline);
            if (!in_time) {
                co_return State::timed_out;
            }
        }
    }
    co_return State::open;
}

core::Awaitable<Stream::State> Stream::read(std::span<std::uint8_t> room, std::size_t& count,
                                            core::TimePoint deadline) {
    if (++reads_ % kReadsPerTurn == 0) {
        co_await core::asio::post(core::asio::use_awaitable);
        if (core::now() >= deadline) {
            co_return State::timed_out;
        }
    }
    for (;;) {
        const Step step = read_some(room);
        count = step.count;
        if (step.state != State::open || step.count != 0) {
            co_return step.state;
        }
        const bool in_time = co_await ready(step, deadline);
        if (!in_time) {
            co_return State::timed_out;
        }
    }
}

void Stream::say_goodbye() {
    if (tls_) {
        tls_->say_goodbye();
    }
}

Stream::Step Stream::write_some(std::string_view text) {
    if (tls_) {
        return judge(tls_->write(text));
    }
    const ssize_t count = ::send(socket_.fd(), text.data(), text.size(), MSG_NOSIGNAL);
    if (count >= 0) {
        return {.count = static_cast<std::size_t>(count)};
    }
    if (errno == EAGAIN) {
        return {.wants_write = true};
    }
    reason_ = ::strerror(errno);
    return {.state = State::broken};
}

Stream::Step Stream::read_some(std::span<std::uint8_t> room) {
    if (tls_) {
        return judge(tls_->read(room));
    }
    const ssize_t count = ::recv(socket_.fd(), room.data(), room.size(), 0);
    if (count > 0) {
        return {.count = static_cast<std::size_t>(count)};
    }
    if (count == 0) {
        return {.state = State::ended};
    }
    if (errno == EAGAIN) {
        return {.wants_read = true};
    }
    reason_ = ::strerror(errno);
    return {.state = State::broken};
}

Stream::Step Stream::judge(TlsSession::Step step) {
    switch (step.state) {
        case TlsSession::State::done: return {.count = step.count};
        case TlsSession::State::wants_read: return {.wants_read = true};
        case TlsSession::State::wants_write: return {.wants_write = true};
        case TlsSession::State::ended: return {.state = State::ended};
        case TlsSession::State::broken: break;
    }
    reason_ = tls_->reason();
    return {.state = State::broken};
}

core::Awaitable<bool> Stream::ready(Step step, core::TimePoint deadline) {
    return step.wants_write ? socket_.writable(deadline) : socket_.readable(deadline);
}

}  // namespace sustain::checker
