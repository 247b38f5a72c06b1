#include "checker/dns_check.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <random>

#include "checker/dns_message.hpp"
#include "checker/socket.hpp"
#include "checker/sockets.hpp"

namespace sustain::checker {

namespace {

/// The header is all that is looked at.
constexpr std::size_t kRead = 512;

/// So many wrong answers are dropped before other work of the loop gets its turn.
constexpr unsigned kReadsPerTurn = 64;

std::uint16_t random_id() {
    static std::random_device random;  // an answer must not be guessed
    return static_cast<std::uint16_t>(random());
}

/// How many octets were read; less than 0: -errno.
ssize_t receive(int fd, std::span<std::uint8_t> room) {
    const ssize_t count = ::recv(fd, room.data(), room.size(), 0);
    return count < 0 ? -errno : count;
}

Attempt failure(std::string reason) {
    return {Outcome::failure, std::move(reason)};
}

}  // namespace

core::Awaitable<Attempt> dns_check(core::Loop& loop, const Identity& identity, const DnsCheck& check) {
    const core::TimePoint deadline = core::now() + identity.connect_timeout;
    const std::uint16_t id = random_id();
    const auto query = make_dns_query(check, id);
    if (!query) {
        co_return failure("the name does not fit into a query");
    }
    auto opened = open_socket(identity.endpoint, SOCK_DGRAM, IPPROTO_UDP);
    if (!opened) {
        co_return Attempt{Outcome::abandoned, opened.error().what};
    }
    if (const int error = connect_socket(opened->get(), identity.endpoint); error != 0) {
        co_return Attempt{blames_server(error) ? Outcome::failure : Outcome::abandoned,
                          core::system_error("connecting", error).what};
    }
    if (::send(opened->get(), query->data(), query->size(), MSG_NOSIGNAL) < 0) {
        co_return failure(core::system_error("sending the query", errno).what);
    }
    auto socket = Socket::watch(loop, std::move(*opened));
    if (!socket) {
        co_return Attempt{Outcome::abandoned, socket.error().what};
    }

    std::array<std::uint8_t, kRead> buffer;
    for (unsigned reads = 1;; ++reads) {
        const ssize_t count = receive(socket->fd(), buffer);
        if (count == -EAGAIN) {
            const bool answered = co_await socket->readable(deadline);
            if (!answered) {
                co_return failure("no answer in time");
            }
            continue;
        }
        if (count < 0) {
            co_return failure(core::system_error("waiting for an answer", static_cast<int>(-count)).what);
        }
        const DnsAnswer answer = read_dns_answer(std::span(buffer).first(static_cast<std::size_t>(count)), id);
        if (answer.kind == DnsAnswer::Kind::good) {
            co_return Attempt{Outcome::success};
        }
        if (answer.kind == DnsAnswer::Kind::bad) {
            co_return failure(fmt::format("answered with code {}", answer.response_code));
        }
        if (core::now() >= deadline) {
            co_return failure("no answer in time");
        }
        if (reads % kReadsPerTurn == 0) {
            co_await core::asio::post(loop, core::asio::use_awaitable);
        }
    }
}

}  // namespace sustain::checker
