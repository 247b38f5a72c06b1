#include "checker/connect.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "checker/sockets.hpp"
#include "core/log.hpp"

namespace sustain::checker {

namespace {

Connection abandoned(const core::Error& error) {
    return {Outcome::abandoned, {}, error.what};
}

Connection failed(int code) {
    return {Outcome::failure, {}, ::strerror(code)};
}

}  // namespace

core::Awaitable<Connection> connect(core::Loop& loop, const Endpoint& endpoint, core::TimePoint deadline) {
    auto opened = open_socket(endpoint, SOCK_STREAM, IPPROTO_TCP);
    if (!opened) {
        co_return abandoned(opened.error());
    }
    const int error = connect_socket(opened->get(), endpoint);
    if (blames_server(error)) {
        co_return failed(error);
    }
    if (error != 0 && error != EINPROGRESS) {
        co_return abandoned(core::system_error("connecting", error));
    }
    auto socket = Socket::watch(loop, std::move(*opened));
    if (!socket) {
        co_return abandoned(socket.error());
    }
    if (error == EINPROGRESS) {
        const bool answered = co_await socket->writable(deadline);
        if (!answered) {
            co_return Connection{Outcome::failure, {}, "connection timed out"};
        }
        const int refused = socket->has_error() ? pending_error(socket->fd()) : 0;  // a system call less for most
        if (refused != 0) {
            co_return failed(refused);
        }
    }
    co_return Connection{Outcome::success, std::move(*socket), {}};
}

}  // namespace sustain::checker
