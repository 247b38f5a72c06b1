#include "daemon/program_starter.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <system_error>

namespace sustain::daemon {

namespace {

constexpr std::size_t kStackSize = 64 * 1024;
constexpr char kShell[] = "/bin/sh";

/// What the child needs to know, and where it says why it failed. Everything is prepared: the child must not allocate.
struct Birth {
    const char* program = nullptr;
    char* const* arguments = nullptr;
    char* const* shell_arguments = nullptr;
    char* const* environment = nullptr;
    const rlimit* limits = nullptr;
    int nice = 0;
    int null = -1;
    pid_t parent = 0;
    bool changes_account = false;
    uid_t uid = 0;
    gid_t gid = 0;
    const gid_t* groups = nullptr;
    std::size_t group_count = 0;
    const char* failed = nullptr;  ///< what could not be done
    int error = 0;
};

/// Raw system calls: the functions of glibc of these names tell all threads of a process, and we share its memory.
bool become(const Birth& birth) {
    return ::syscall(SYS_setgroups, birth.group_count, birth.groups) == 0 &&
           ::syscall(SYS_setresgid, birth.gid, birth.gid, birth.gid) == 0 &&
           ::syscall(SYS_setresuid, birth.uid, birth.uid, birth.uid) == 0;
}

void reset_signals() {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) {
        ::sigaction(number, &action, nullptr);  // the child's own table: memory is shared, that is not
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void restore_scheduling(const Birth& birth) {
    for (std::size_t i = 0; i < ProgramStarter::kLimits.size(); ++i) {
        ::setrlimit(static_cast<__rlimit_resource>(ProgramStarter::kLimits[i]), &birth.limits[i]);
    }
    if (::sched_getscheduler(0) != SCHED_OTHER) {
        const sched_param usual{};
        ::sched_setscheduler(0, SCHED_OTHER, &usual);
    }
    ::setpriority(PRIO_PROCESS, 0, birth.nice);
}

/// (The address sanitizer would remember the frames of a function that never returns.)
__attribute__((no_sanitize("address"), noinline)) int be_born(void* argument) {
    Birth& birth = *static_cast<Birth*>(argument);
    const auto fail = [&birth](const char* what) {
        birth.failed = what;
        birth.error = errno;
        ::_exit(127);
    };
    restore_scheduling(birth);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::dup2(birth.null, fd) < 0) {
            fail("opening /dev/null");
        }
    }
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    if (birth.changes_account && !become(birth)) {
        fail("becoming its user");
    }
    // After the change of account, which cancels it.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != birth.parent) {
        ::_exit(127);
    }
    ::setpgid(0, 0);
    reset_signals();
    ::execve(birth.program, birth.arguments, birth.environment);
    if (errno == ENOEXEC) {
        ::execve(kShell, birth.shell_arguments, birth.environment);
    }
    fail("executing it");
    return 127;
}

bool is_inherited(std::string_view variable) {
    constexpr std::string_view kLeftOut[] = {"NOTIFY_SOCKET", "IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"};
    return std::ranges::find(kLeftOut, variable.substr(0, variable.find('='))) == std::end(kLeftOut);
}

/// Holds all signals back: in the child a handler would act on our memory.
class NoSignals {
public:
    NoSignals() {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, &before_);
    }
    ~NoSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
    NoSignals(const NoSignals&) = delete;
    NoSignals& operator=(const NoSignals&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

ProgramStarter::ProgramStarter() : null_(::open("/dev/null", O_RDWR | O_CLOEXEC)) {
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        if (is_inherited(*variable)) {
            environment_.emplace_back(*variable);
        }
    }
    for (std::string& variable : environment_) {
        environment_pointers_.push_back(variable.data());
    }
    environment_pointers_.push_back(nullptr);
    for (std::size_t i = 0; i < kLimits.size(); ++i) {
        ::getrlimit(static_cast<__rlimit_resource>(kLimits[i]), &limits_[i]);
    }
    nice_ = ::getpriority(PRIO_PROCESS, 0);
    stack_ = ::mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack_ == MAP_FAILED || !null_) {
        throw std::system_error(errno, std::generic_category(), "preparing to run scripts");
    }
}

ProgramStarter::~ProgramStarter() {
    ::munmap(stack_, kStackSize);
}

core::Result<StartedProgram> ProgramStarter::start(const core::Command& command) {
    // exec does not change the strings, whatever its parameters say.
    std::vector<char*> arguments;
    std::vector<char*> shell_arguments{const_cast<char*>(kShell)};
    for (const std::string& argument : command.arguments) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
        shell_arguments.push_back(arguments.back());
    }
    arguments.push_back(nullptr);
    shell_arguments.push_back(nullptr);

    Birth birth;
    birth.program = command.arguments.front().c_str();
    birth.arguments = arguments.data();
    birth.shell_arguments = shell_arguments.data();
    birth.environment = environment_pointers_.data();
    birth.limits = limits_.data();
    birth.nice = nice_;
    birth.null = null_.get();
    birth.parent = ::getpid();
    const core::Account& account = command.account;
    birth.changes_account = ::geteuid() == 0 || account.uid != ::geteuid() || account.gid != ::getegid();
    birth.uid = account.uid;
    birth.gid = account.gid;
    birth.groups = account.groups.data();
    birth.group_count = account.groups.size();

    int pidfd = -1;
    pid_t pid = -1;
    int error = 0;
    {
        const NoSignals guard;
        pid = ::clone(be_born, static_cast<char*>(stack_) + kStackSize, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD,
                      &birth, &pidfd);
        error = errno;
    }
    const auto failed = [&command](std::string_view what, int code) {
        return core::failure(fmt::format("running {}: {}", command.arguments.front(), what), code);
    };
    if (pid < 0) {
        return failed("starting a process", error);
    }
    core::UniqueFd watch(pidfd);
    if (birth.failed != nullptr) {
        ::waitpid(pid, nullptr, 0);
        return failed(birth.failed, birth.error);
    }
    return StartedProgram{pid, std::move(watch)};
}

}  // namespace sustain::daemon
