#include "checker/udp_check.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <vector>

#include "checker/socket.hpp"
#include "checker/sockets.hpp"
#include "checker/udp_reply.hpp"

namespace sustain::checker {

namespace {

Attempt failure(std::string reason) {
    return {Outcome::failure, std::move(reason)};
}

int ask_for_errors(int fd, bool ipv4) {
    const int on = 1;
    return ipv4 ? ::setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on)
                : ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

/// The next entry of the error queue.
std::optional<NetworkError> take_error(int fd) {
    alignas(cmsghdr) std::array<std::uint8_t, 512> control{};
    std::array<std::uint8_t, 64> data{};
    iovec part{data.data(), data.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(fd, &message, MSG_ERRQUEUE) < 0) {
        return std::nullopt;
    }
    for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr; item = CMSG_NXTHDR(&message, item)) {
        if ((item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR) ||
            (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR)) {
            return read_network_error({CMSG_DATA(item), item->cmsg_len - CMSG_LEN(0)});
        }
    }
    return NetworkError{};
}

/// What has come, if anything has.
std::optional<Attempt> judge(int fd, const UdpCheck& check) {
    if (const auto error = take_error(fd)) {
        return is_failure(check, *error)
                   ? failure(is_unreachable(*error) ? fmt::format("destination unreachable, code {}", error->code)
                                                    : "an error instead of a reply")
                   : Attempt{Outcome::success};
    }
    std::vector<std::uint8_t> buffer(check.reply ? check.reply->bytes.size() : 0);  // no more is compared
    const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), MSG_TRUNC);
    if (count < 0) {
        return errno == EAGAIN ? std::nullopt
                               : std::optional(failure(core::system_error("waiting for a reply", errno).what));
    }
    const auto length = static_cast<std::size_t>(count);
    if (!check.require_reply ||
        is_good_reply(check, std::span(buffer).first(std::min(length, buffer.size())), length)) {
        return Attempt{Outcome::success};
    }
    return failure(fmt::format("a wrong reply of {} bytes", length));
}

}  // namespace

core::Awaitable<Attempt> udp_check(core::Loop& loop, const Identity& identity, const UdpCheck& check) {
    const core::TimePoint deadline = core::now() + identity.connect_timeout;
    const Endpoint& endpoint = identity.endpoint;
    // Here, unlike elsewhere, what this machine prevents is a failure (spec/lvs.md 4.6).
    auto opened = open_socket(endpoint, SOCK_DGRAM, IPPROTO_UDP);
    if (!opened) {
        co_return failure(opened.error().what);
    }
    if (ask_for_errors(opened->get(), endpoint.address.is_ipv4()) != 0) {
        co_return failure(core::system_error("asking for network errors", errno).what);
    }
    if (const int error = connect_socket(opened->get(), endpoint); error != 0) {
        co_return failure(core::system_error("connecting", error).what);
    }
    const auto payload = check.payload ? std::span(*check.payload) : default_udp_payload();
    if (::send(opened->get(), payload.data(), payload.size(), MSG_NOSIGNAL) < 0) {
        co_return failure(core::system_error("sending", errno).what);
    }
    auto socket = Socket::watch(loop, std::move(*opened));
    if (!socket) {
        co_return failure(socket.error().what);
    }
    for (;;) {
        if (const auto attempt = judge(socket->fd(), check)) {
            co_return *attempt;
        }
        const bool came = co_await socket->readable(deadline);
        if (!came) {
            co_return check.require_reply ? failure("no reply in time") : Attempt{Outcome::success};
        }
    }
}

}  // namespace sustain::checker
