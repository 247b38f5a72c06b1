#include "ipvs/module.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <cerrno>
#include <fstream>

namespace sustain::ipvs {

namespace {

constexpr core::Duration kPatience = std::chrono::seconds(10);

/// Where this system keeps it: the path that the kernel calls.
std::string modprobe_path() {
    std::ifstream file("/proc/sys/kernel/modprobe");
    std::string path;
    return std::getline(file, path) && path.starts_with('/') ? path : "/sbin/modprobe";
}

class SpawnSettings {
public:
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&files_);
        for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
            ::posix_spawn_file_actions_addopen(&files_, standard, "/dev/null", O_RDWR, 0);
        }
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals;
        sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);  // we block what we read from a signalfd
        sigaddset(&signals, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    /// \return the process, or -errno
    [[nodiscard]] pid_t spawn(std::string program, std::string argument) const {
        std::string separator = "--";
        char* arguments[] = {program.data(), separator.data(), argument.data(), nullptr};
        std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
        char* environment[] = {path.data(), nullptr};
        pid_t process = 0;
        const int code = ::posix_spawn(&process, program.c_str(), &files_, &attributes_, arguments, environment);
        return code == 0 ? process : -code;
    }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

/// Collects the process. \return whether it ended well
bool ended_well(int process_descriptor) {
    siginfo_t how{};
    int result = 0;
    do {
        result = ::waitid(P_PIDFD, static_cast<id_t>(process_descriptor), &how, WEXITED);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        return errno == ECHILD;  // the parent's reaper was first: what the kernel has now tells
    }
    return how.si_code == CLD_EXITED && how.si_status == 0;
}

}  // namespace

core::Awaitable<core::Result<>> load_module(core::Loop& loop, std::string module) {
    using namespace core::asio::experimental::awaitable_operators;
    using Descriptor = core::asio::posix::stream_descriptor;
    const std::string program = modprobe_path();
    const std::string attempt = "running " + program + " for " + module;
    const pid_t process = SpawnSettings().spawn(program, module);
    if (process < 0) {
        co_return core::failure(attempt, -process);
    }
    // (glibc 2.36 declares pidfd_open for C only)
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (handle < 0) {
        co_return core::failure(attempt, errno);
    }
    Descriptor descriptor(loop, handle);
    core::Timer patience(loop, kPatience);
    const auto first = co_await (descriptor.async_wait(Descriptor::wait_read, core::as_tuple_awaitable) ||
                                 patience.async_wait(core::as_tuple_awaitable));
    if (first.index() != 0) {
        // The parent's reaper collects it. Waiting here would hold the loop while it hangs in the kernel.
        (void)::syscall(SYS_pidfd_send_signal, handle, SIGKILL, nullptr, 0);
        co_return core::failure(attempt, ETIMEDOUT);
    }
    if (!ended_well(handle)) {
        co_return std::unexpected(core::Error{attempt + ": it failed", 0});
    }
    co_return core::Result<>();
}

}  // namespace sustain::ipvs
