#include "daemon/child.hpp"

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgets to say that these are C functions
}

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace sustain::daemon {

namespace {

/// Closes everything above standard error but `kept`.
void close_all_but(std::vector<int> kept) {
    std::ranges::sort(kept);
    unsigned first = STDERR_FILENO + 1;
    for (const int fd : kept) {
        const auto number = static_cast<unsigned>(fd);
        if (number > first) {
            ::close_range(first, number - 1, 0);
        }
        first = std::max(first, number + 1);
    }
    ::close_range(first, ~0U, 0);
}

[[noreturn]] void live(const Child::Body& body, core::UniqueFd channel, std::vector<int> kept, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) {
        ::_exit(0);  // the parent died before the request was in force
    }
    core::log::clear_sinks();
    kept.push_back(channel.get());
    close_all_but(std::move(kept));
    int status = EXIT_FAILURE;
    try {
        status = body(std::move(channel));
    } catch (...) {
        core::log_escaped_exception("child process", std::current_exception());
        ::abort();
    }
    // Not exit(): the parent's objects in this copy of its memory are not ours to destroy.
    ::_exit(status);
}

Child::Exit reap(int pidfd) {
    siginfo_t info{};
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED) != 0 && errno == EINTR) {
    }
    return {.by_signal = info.si_code != CLD_EXITED, .code = info.si_status};
}

}  // namespace

std::string_view Child::Exit::permanent_error() const {
    if (by_signal) {
        return {};
    }
    switch (code) {
        case 1: return "FATAL";
        case 2: return "CONFIG";
        case 4: return "missing permission";
        default: return {};
    }
}

core::Result<std::shared_ptr<Child>> Child::start(core::Loop& loop, const Body& body, const std::vector<int>& kept) {
    auto ends = core::make_channel_ends();
    if (!ends) {
        return std::unexpected(ends.error());
    }
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) {
        return core::failure("starting a child process", errno);
    }
    if (pid == 0) {
        live(body, std::move(ends->second), kept, parent);
    }
    core::UniqueFd pidfd(::pidfd_open(pid, PIDFD_NONBLOCK));
    if (!pidfd) {
        const int error = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return core::failure("watching a child process", error);
    }
    return std::make_shared<Child>(loop, pid, std::move(pidfd), std::move(ends->first));
}

Child::Child(core::Loop& loop, pid_t pid, core::UniqueFd pidfd, core::UniqueFd channel)
    : pid_(pid), pidfd_(loop, pidfd.release()), channel_(loop, std::move(channel)) {}

core::Awaitable<Child::Exit> Child::exited() {
    co_await pidfd_.async_wait(boost::asio::posix::stream_descriptor::wait_read, boost::asio::use_awaitable);
    const Exit exit = reap(pidfd_.native_handle());
    co_return exit;
}

void Child::kill() {
    ::pidfd_send_signal(pidfd_.native_handle(), SIGKILL, nullptr, 0);
}

}  // namespace sustain::daemon
