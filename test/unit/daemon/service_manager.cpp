#include "daemon/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>

#include <catch2/catch.hpp>

#include "core/unique_fd.hpp"
#include "temporary_folder.hpp"

using namespace sustain;

TEST_CASE("systemd is told, and children do not inherit its socket") {
    const TemporaryFolder folder;
    const core::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (folder / "notify").copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::setenv("NOTIFY_SOCKET", (folder / "notify").c_str(), 1);

    const daemon::ServiceManager manager;
    CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
    const auto received = [&socket] {
        char text[100];
        const ssize_t count = ::recv(socket.get(), text, sizeof text, 0);
        return std::string(text, count < 0 ? 0 : static_cast<std::size_t>(count));
    };
    manager.ready();
    CHECK(received() == "READY=1\nMAINPID=" + std::to_string(::getpid()));
    manager.reloading();
    CHECK(received() == "RELOADING=1");
    manager.stopping();
    CHECK(received() == "STOPPING=1");
    manager.failed(22);
    CHECK(received() == "ERRNO=22");
}

TEST_CASE("without systemd nothing happens") {
    ::unsetenv("NOTIFY_SOCKET");
    const daemon::ServiceManager manager;
    manager.ready();
    CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
}
