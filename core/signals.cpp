#include "core/signals.hpp"

#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace sustain::core {

namespace {

sigset_t set_of(std::initializer_list<int> numbers) {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : numbers) {
        ::sigaddset(&set, number);
    }
    return set;
}

int open_signal_descriptor(std::initializer_list<int> numbers) {
    hold_signals(numbers);
    const sigset_t set = set_of(numbers);
    const int fd = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) {
        throw std::system_error(errno, std::generic_category(), "opening a signalfd");
    }
    return fd;
}

}  // namespace

Signals::Signals(Loop& loop, std::initializer_list<int> numbers) : descriptor_(loop, open_signal_descriptor(numbers)) {}

Awaitable<int> Signals::next() {
    for (;;) {
        signalfd_siginfo info{};
        if (::read(descriptor_.native_handle(), &info, sizeof info) == sizeof info) {
            co_return static_cast<int>(info.ssi_signo);
        }
        co_await descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    }
}

void hold_signals(std::initializer_list<int> numbers) {
    const sigset_t set = set_of(numbers);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

void ignore_unhandled_signals() {
    std::signal(SIGCHLD, SIG_DFL);  // ignored by whoever started us, it would cost us the exit statuses of children
    // Those of errors keep their effect, and so do those that are waited for by Signals.
    for (int number = 1; number < NSIG; ++number) {
        switch (number) {
            case SIGCHLD:
            case SIGHUP:
            case SIGINT:
            case SIGTERM:
            case SIGILL:
            case SIGTRAP:
            case SIGBUS:
            case SIGFPE:
            case SIGSEGV:
            case SIGSYS: break;
            default: std::signal(number, SIG_IGN);  // (refused where it cannot be)
        }
    }
}

}  // namespace sustain::core
