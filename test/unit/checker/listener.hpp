// A TCP server on loopback for the tests of the checks.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <vector>

#include "checker/config.hpp"
#include "core/unique_fd.hpp"

namespace sustain::test {

/// Takes a port of 127.0.0.1 and, unless told otherwise, listens on it.
class Listener {
public:
    enum class Mode { listening, bound_only };

    explicit Listener(Mode mode = Mode::listening, int backlog = 128, std::uint16_t port = 0) {
        const int on = 1;
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        if (mode == Mode::listening) {
            REQUIRE(::listen(fd_.get(), backlog) == 0);
        }
        socklen_t length = sizeof address;
        REQUIRE(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
        port_ = ntohs(address.sin_port);
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

    [[nodiscard]] checker::Endpoint endpoint() const {
        return {core::Address::ipv4(INADDR_LOOPBACK), port_, std::nullopt, 0, {}, 0};
    }

    /// The next connection that was made; blocks.
    [[nodiscard]] core::UniqueFd accept() const { return core::UniqueFd(::accept(fd_.get(), nullptr, nullptr)); }

    /// Whether a connection waits to be accepted: 0 or 1.
    [[nodiscard]] int pending() const {
        pollfd waiting{fd_.get(), POLLIN, 0};
        return ::poll(&waiting, 1, 0);
    }

    void close() { fd_.reset(); }

private:
    core::UniqueFd fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::uint16_t port_ = 0;
};

}  // namespace sustain::test
