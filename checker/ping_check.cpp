#include "checker/ping_check.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "checker/echo_message.hpp"
#include "checker/sockets.hpp"
#include "core/log.hpp"

namespace sustain::checker {

namespace {

constexpr int kReceiveBuffer = 131072;

/// The fwmark is not for them.
core::Result<Socket> open_session(core::Loop& loop, Endpoint endpoint) {
    endpoint.fwmark = 0;
    endpoint.bind_port = 0;
    auto opened =
        open_socket(endpoint, SOCK_DGRAM, endpoint.address.is_ipv4() ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6});
    if (!opened) {
        return std::unexpected(opened.error());
    }
    (void)::setsockopt(opened->get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    return Socket::watch(loop, std::move(*opened));
}

/// Late and stray ones, until nothing is left; not for ever.
void drop_strays(int fd, const Endpoint& endpoint) {
    constexpr int kMost = 1000;
    std::array<std::uint8_t, kEchoHeaderSize> buffer;
    for (int i = 0; i < kMost && ::recv(fd, buffer.data(), buffer.size(), 0) >= 0; ++i) {
        core::log::detail("Stray ICMP message from {} dropped", endpoint.address);
    }
}

int send_request(int fd, const Endpoint& endpoint, std::uint16_t sequence) {
    const EchoRequest request = make_echo_request(endpoint.address.family(), sequence);
    const SocketAddress destination(endpoint.address, 0);
    return ::sendto(fd, request.data(), request.size(), MSG_NOSIGNAL, destination.get(), destination.length()) < 0
               ? errno
               : 0;
}

Attempt failure(PingSession& session, std::string reason) {
    session = {};
    return {Outcome::failure, std::move(reason)};
}

}  // namespace

core::Awaitable<Attempt> ping_check(core::Loop& loop, const Identity& identity, std::shared_ptr<PingSession> session) {
    const core::TimePoint deadline = core::now() + identity.connect_timeout;
    const Endpoint& endpoint = identity.endpoint;
    if (!session->socket.is_open()) {
        auto opened = open_session(loop, endpoint);
        if (!opened) {
            co_return Attempt{Outcome::abandoned, opened.error().what};
        }
        *session = {std::move(*opened), 0};
    }
    const int fd = session->socket.fd();
    drop_strays(fd, endpoint);
    if (const int error = send_request(fd, endpoint, ++session->sequence); error != 0) {
        co_return failure(*session, core::system_error("sending an echo request", error).what);
    }
    std::array<std::uint8_t, kEchoHeaderSize + kEchoDataSize> buffer;
    for (;;) {
        const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (count >= 0) {
            const auto reply = std::span(buffer).first(static_cast<std::size_t>(count));
            if (is_echo_reply(reply, endpoint.address.family(), session->sequence)) {
                co_return Attempt{Outcome::success};
            }
            co_return failure(*session, "something else than the echo");
        }
        if (errno != EAGAIN) {
            co_return failure(*session, core::system_error("waiting for the echo", errno).what);
        }
        const bool came = co_await session->socket.readable(deadline);
        if (!came) {
            co_return failure(*session, "no echo in time");
        }
    }
}

}  // namespace sustain::checker
