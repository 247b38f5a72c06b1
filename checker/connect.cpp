#include "checker/connect.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/log.hpp"
#include "core/unique_fd.hpp"

namespace sustain::checker {

namespace {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    SocketAddress(const core::Address& address, std::uint16_t port) {
        if (address.is_ipv4()) {
            sockaddr_in ipv4{};
            ipv4.sin_family = AF_INET;
            ipv4.sin_port = htons(port);
            std::memcpy(&ipv4.sin_addr, address.octets().data(), sizeof ipv4.sin_addr);
            set(ipv4);
        } else {
            sockaddr_in6 ipv6{};
            ipv6.sin6_family = AF_INET6;
            ipv6.sin6_port = htons(port);
            std::memcpy(&ipv6.sin6_addr, address.octets().data(), sizeof ipv6.sin6_addr);
            set(ipv6);
        }
    }

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }

private:
    template <typename Specific>
    void set(const Specific& specific) {
        std::memcpy(&storage, &specific, sizeof specific);
        length = sizeof specific;
    }
};

/// A socket with everything set up to connect().
core::Result<core::UniqueFd> open_socket(const Endpoint& endpoint) {
    core::UniqueFd fd(::socket(endpoint.address.is_ipv4() ? AF_INET : AF_INET6,
                               SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (!fd) {
        return core::failure("opening a socket", errno);
    }
    if (endpoint.fwmark != 0 &&
        ::setsockopt(fd.get(), SOL_SOCKET, SO_MARK, &endpoint.fwmark, sizeof endpoint.fwmark) != 0) {
        return core::failure(fmt::format("setting fwmark {}", endpoint.fwmark), errno);
    }
    const std::string& interface = endpoint.bind_interface;
    if (!interface.empty() && ::setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                                           static_cast<socklen_t>(interface.size() + 1)) != 0) {
        return core::failure("binding to interface " + interface, errno);
    }
    if (endpoint.bind_address) {
        const SocketAddress source(*endpoint.bind_address, endpoint.bind_port);
        if (::bind(fd.get(), source.get(), source.length) != 0) {
            return core::failure(fmt::format("binding to {} port {}", *endpoint.bind_address, endpoint.bind_port),
                                 errno);
        }
    }
    return fd;
}

/// Whether connect() refusing with `code` says something about the real server rather than about this machine.
bool is_failure(int code) {
    constexpr std::array kFailures{ENETUNREACH, EHOSTUNREACH, ECONNREFUSED, EHOSTDOWN,
                                   ENETDOWN,    ECONNRESET,   ECONNABORTED, ETIMEDOUT};
    return std::ranges::find(kFailures, code) != kFailures.end();
}

/// 0, or errno: EINPROGRESS says that the answer is still to come.
int begin_connecting(int fd, const Endpoint& endpoint) {
    const SocketAddress destination(endpoint.address, endpoint.port);
    return ::connect(fd, destination.get(), destination.length) == 0 ? 0 : errno;
}

int pending_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

/// With -D only: it may come back with every attempt.
void log_abandoned(const Endpoint& endpoint, const core::Error& error) {
    core::log::detail("check of [{}]:tcp:{} not made: {}", endpoint.address, endpoint.port, error.what);
}

}  // namespace

core::Awaitable<Connection> connect(core::Loop& loop, Endpoint endpoint, core::TimePoint deadline) {
    Socket socket(loop);
    auto opened = open_socket(endpoint);
    if (!opened.has_value()) {
        log_abandoned(endpoint, opened.error());
        co_return Connection{Outcome::abandoned, std::move(socket)};
    }
    const int error = begin_connecting(opened->get(), endpoint);
    if (is_failure(error)) {
        co_return Connection{Outcome::failure, std::move(socket)};
    }
    if (error != 0 && error != EINPROGRESS) {
        log_abandoned(endpoint, core::system_error("connecting", error));
        co_return Connection{Outcome::abandoned, std::move(socket)};
    }
    boost::system::error_code refused;
    socket.assign(opened->get(), refused);
    if (refused) {
        log_abandoned(endpoint, core::system_error("watching a socket", refused.value()));
        co_return Connection{Outcome::abandoned, std::move(socket)};
    }
    (void)opened->release();

    if (error == EINPROGRESS) {
        const bool answered = co_await ready_before(socket, Socket::wait_write, deadline);
        if (!answered || pending_error(socket.native_handle()) != 0) {
            socket.close(refused);
            co_return Connection{Outcome::failure, std::move(socket)};
        }
    }
    co_return Connection{Outcome::success, std::move(socket)};
}

core::Awaitable<bool> ready_before(Socket& socket, Socket::wait_type what, core::TimePoint deadline) {
    // The handler of a timer that has expired cannot be called back, and may run when this frame is gone.
    const auto target = std::make_shared<Socket*>(&socket);
    core::Timer timer(socket.get_executor(), deadline);
    timer.async_wait([weak = std::weak_ptr(target)](boost::system::error_code cancelled) {
        if (const auto waiting = weak.lock(); waiting && !cancelled) {
            boost::system::error_code ignored;
            (*waiting)->cancel(ignored);
        }
    });
    const auto [error] = co_await socket.async_wait(what, core::as_tuple_awaitable);
    co_return !error;
}

}  // namespace sustain::checker
