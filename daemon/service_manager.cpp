#include "daemon/service_manager.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

#include "core/unique_fd.hpp"

namespace sustain::daemon {

ServiceManager::ServiceManager() {
    if (const char* socket = std::getenv("NOTIFY_SOCKET"); socket != nullptr) {
        socket_ = socket;
        ::unsetenv("NOTIFY_SOCKET");
    }
}

void ServiceManager::ready() const {
    send(fmt::format("READY=1\nMAINPID={}", ::getpid()));
}

void ServiceManager::failed(int error) const {
    send(fmt::format("ERRNO={}", error));
}

// The protocol is one datagram, promised to be stable; libsystemd would bring four more libraries into every process.
void ServiceManager::send(std::string_view state) const {
    sockaddr_un address{};
    if (socket_.empty() || socket_.size() >= sizeof address.sun_path) {
        return;
    }
    address.sun_family = AF_UNIX;
    socket_.copy(address.sun_path, socket_.size());
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0';  // an abstract socket
    }
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    const core::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket) {
        (void)::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                       reinterpret_cast<const sockaddr*>(&address), length);
    }
}

}  // namespace sustain::daemon
