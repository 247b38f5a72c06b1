// What the kernel's own part of TCP checks costs: connects to real servers on this machine, each once a second, with
// the system calls that no checker can do without, and nothing else. Called by the bench of checks.
//
//   tcp-loop CHECKS SECONDS PORT    prints the milliseconds of CPU of one check
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kTurn = std::chrono::milliseconds(20);  ///< as many begin together as are due within that

/// As the bench of checks numbers its real servers.
sockaddr_in server(unsigned number, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr =
        htonl(127U << 24U | (1 + number / 62500) << 16U | (number / 250 % 250) << 8U | (1 + number % 250));
    return address;
}

/// Waits until so many connections are there, or have failed, and closes them.
void take(int set, unsigned open) {
    std::array<epoll_event, 256> events{};
    while (open > 0) {
        const int count = ::epoll_wait(set, events.data(), static_cast<int>(events.size()), 5000);
        if (count <= 0) {
            std::perror("epoll_wait");
            std::exit(1);
        }
        for (int i = 0; i < count; ++i) {
            ::close(events[static_cast<std::size_t>(i)].data.fd);
        }
        open -= static_cast<unsigned>(count);
    }
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc != 4) {
        std::fputs("Usage: tcp-loop CHECKS SECONDS PORT\n", stderr);
        return 1;
    }
    const auto checks = static_cast<unsigned>(std::atoi(argv[1]));
    const auto turns = static_cast<unsigned>(std::chrono::seconds(std::atoi(argv[2])) / kTurn);
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[3]));
    const int set = ::epoll_create1(EPOLL_CLOEXEC);
    unsigned made = 0;
    const auto begin = Clock::now();
    const std::clock_t used = std::clock();
    for (unsigned turn = 1; turn <= turns; ++turn) {
        unsigned open = 0;
        for (const auto due = static_cast<unsigned>(std::uint64_t{checks} * turn * kTurn.count() / 1000); made < due;) {
            const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
            const sockaddr_in address = server(made++ % checks, port);
            if (fd < 0 || (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
                           errno != EINPROGRESS)) {
                std::perror("connect");
                return 1;
            }
            epoll_event event{};
            event.events = EPOLLOUT | EPOLLET;
            event.data.fd = fd;
            ::epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
            ++open;
        }
        take(set, open);
        std::this_thread::sleep_until(begin + turn * kTurn);
    }
    std::printf("%.4f\n", static_cast<double>(std::clock() - used) * 1000 / CLOCKS_PER_SEC / made);
    return 0;
}
