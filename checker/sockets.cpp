#include "checker/sockets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sustain::checker {

SocketAddress::SocketAddress(const core::Address& address, std::uint16_t port) : storage_{} {
    if (address.is_ipv4()) {
        ipv4_ = {};
        ipv4_.sin_family = AF_INET;
        ipv4_.sin_port = htons(port);
        std::memcpy(&ipv4_.sin_addr, address.octets().data(), sizeof ipv4_.sin_addr);
        length_ = sizeof ipv4_;
    } else {
        storage_.sin6_family = AF_INET6;
        storage_.sin6_port = htons(port);
        std::memcpy(&storage_.sin6_addr, address.octets().data(), sizeof storage_.sin6_addr);
        length_ = sizeof storage_;
    }
}

core::Result<core::UniqueFd> open_socket(const Endpoint& endpoint, int type, int protocol) {
    core::UniqueFd fd(
        ::socket(endpoint.address.is_ipv4() ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
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
    if (endpoint.bind_address && endpoint.bind_port != 0 && type == SOCK_STREAM) {
        // Otherwise the connection of the last attempt is in the way for the minute that it spends in TIME_WAIT.
        const int on = 1;
        (void)::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (endpoint.bind_address) {
        const SocketAddress source(*endpoint.bind_address, endpoint.bind_port);
        if (::bind(fd.get(), source.get(), source.length()) != 0) {
            return core::failure(fmt::format("binding to {} port {}", *endpoint.bind_address, endpoint.bind_port),
                                 errno);
        }
    }
    return fd;
}

int connect_socket(int fd, const Endpoint& endpoint) {
    const SocketAddress destination(endpoint.address, endpoint.port);
    return ::connect(fd, destination.get(), destination.length()) == 0 ? 0 : errno;
}

bool blames_server(int code) {
    constexpr std::array kFailures{ENETUNREACH, EHOSTUNREACH, ECONNREFUSED, EHOSTDOWN,
                                   ENETDOWN,    ECONNRESET,   ECONNABORTED, ETIMEDOUT};
    return std::ranges::find(kFailures, code) != kFailures.end();
}

int pending_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

}  // namespace sustain::checker
