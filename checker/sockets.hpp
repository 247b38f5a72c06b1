// Sockets of the checks, set up as their configuration says (spec/lvs.md 5.1): mark, interface, source address.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#include "checker/config.hpp"
#include "core/error.hpp"
#include "core/unique_fd.hpp"

namespace sustain::checker {

/// An address and a port as the system calls take them.
class SocketAddress {
public:
    SocketAddress(const core::Address& address, std::uint16_t port);

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    [[nodiscard]] socklen_t length() const { return length_; }

private:
    union {
        sockaddr_in ipv4_;
        sockaddr_in6 storage_;
    };
    socklen_t length_ = 0;
};

/// A non-blocking, close-on-exec socket for the family of the endpoint. No SO_REUSEADDR: a fixed source port that is
/// still in use is an Error.
/// \param type SOCK_STREAM or SOCK_DGRAM
/// \param protocol 0, or IPPROTO_ICMP, IPPROTO_ICMPV6
[[nodiscard]] core::Result<core::UniqueFd> open_socket(const Endpoint& endpoint, int type, int protocol);

/// Begins to connect it to the endpoint. 0, or errno: EINPROGRESS says that the answer is still to come.
[[nodiscard]] int connect_socket(int fd, const Endpoint& endpoint);

/// Whether connect() refusing with `code` says something about the real server rather than about this machine.
[[nodiscard]] bool blames_server(int code);

/// SO_ERROR, or 0.
[[nodiscard]] int pending_error(int fd);

}  // namespace sustain::checker
