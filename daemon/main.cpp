// keepalived: from the command line to the running daemon (spec/cli.md section 8).
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "core/log.hpp"
#include "core/signals.hpp"
#include "daemon/about.hpp"
#include "daemon/config_test.hpp"
#include "daemon/detach.hpp"
#include "daemon/diagnostics.hpp"
#include "daemon/log_setup.hpp"
#include "daemon/options.hpp"
#include "daemon/pid_file.hpp"
#include "daemon/running_instance.hpp"
#include "daemon/supervisor.hpp"
#include "daemon/track_files.hpp"
#include "daemon/umask.hpp"
#include "parser/environment.hpp"
#include "parser/loader.hpp"
#include "tools/genhash/genhash.hpp"

namespace sustain::daemon {

namespace {

constexpr int kHeapStep = 4 << 20;  // octets
constexpr int kOutOfLuck = 70;      // EX_SOFTWARE: an internal error

void log_start(const Options& options, int argc, char* const argv[]) {
    core::log::info("Starting {}", release_line());
    core::log::info("Running on {} (built for Linux {})", running_kernel(), built_for_kernel());
    std::string command_line;
    for (int i = 0; i < argc; ++i) {
        command_line += fmt::format(" '{}'", argv[i]);
    }
    core::log::info("Command line:{}", command_line);
    for (const std::string& option : options.not_supported_yet) {
        core::log::warning("command line option {} is not supported yet", option);
    }
    core::log::info("Configuration file {}", options.config_file);
}

/// Everything from here on is the daemon's life on its event loop.
int run(const Options& options, parser::Config config, PidFiles files) {
    const ServiceManager service_manager;
    core::Loop loop(1);
    Supervisor supervisor(loop, options, std::move(config), service_manager);
    if (files.checker) {
        supervisor.own_pid_file(Part::checker, std::move(*files.checker));
    }
    if (files.vrrp) {
        supervisor.own_pid_file(Part::vrrp, std::move(*files.vrrp));
    }
    std::optional<int> status;
    // Each of the three outlives the coroutine: it ends the loop that this function waits for.
    core::spawn(loop, "parent",
                [](Supervisor& its, std::optional<int>& result, core::Loop& its_loop) -> core::Awaitable<> {
                    result = co_await its.run();
                    its_loop.stop();
                }(supervisor, status, loop));
    loop.run();
    files.parent.remove();
    core::log::info("Stopped {}", release_line());
    return status.value_or(kOutOfLuck);
}

int start(const Options& options, int argc, char* const argv[]) {
    open_log(options, "Keepalived");
    log_start(options, argc, argv);

    const parser::SystemEnvironment environment;
    parser::Options reading = loader_options(options);
    reading.keep_text = false;  // the children are forked with the configuration itself
    parser::Outcome outcome = parser::load(std::move(reading), environment);
    log_diagnostics(outcome);
    if (const auto status = fatal_status(outcome, options.parts)) {
        if (!outcome.parent_fatal) {
            // What keepalived's parent says of the child that would find it (monitoring matches it).
            core::log::error("The configuration cannot be used: exited with permanent error CONFIG. Terminating");
            core::log::info("Stopped {}", release_line());
        }
        return *status;
    }
    take_umask(options, outcome.config.global.processes);
    auto files = lock_pid_files(options, outcome.config);
    if (!files) {
        core::log::error("{}", files.error().what);
        core::log::error("daemon is already running");
        return 0;
    }
    core::hold_signals({SIGTERM, SIGINT, SIGHUP, SIGCHLD});
    if (!options.foreground) {
        if (const auto detached = detach(); !detached) {
            core::log::error("{}", detached.error().what);
            return EXIT_FAILURE;
        }
    }
    if (const auto written = files->parent.write(::getpid()); !written) {
        core::log::error("{}", written.error().what);
    }
    core::ignore_unhandled_signals();
    write_first_numbers(outcome.config.global.track_files);
    return run(options, std::move(outcome.config), std::move(*files));
}

/// Whoever starts us may have closed them: what we open first must not take their place.
void open_standard_descriptors() {
    int fd = 0;
    while (fd >= 0 && fd <= STDERR_FILENO) {
        fd = ::open("/dev/null", O_RDWR);
    }
    if (fd > STDERR_FILENO) {
        ::close(fd);
    }
}

}  // namespace

}  // namespace sustain::daemon

int main(int argc, char* argv[]) {
    using namespace sustain;
    daemon::open_standard_descriptors();
    if (const auto call = genhash::called(argc, argv)) {
        return genhash::run(*call);
    }
    // Large configurations fill the heap quickly: ask the kernel for it in larger pieces than 128 KiB.
    ::mallopt(M_TOP_PAD, daemon::kHeapStep);
    try {
        const auto command_line = daemon::parse_command_line(argc, argv);
        if (command_line.exit_status) {
            return *command_line.exit_status;
        }
        ::umask(command_line.options.umask.value_or(daemon::kUsualUmask));
        if (command_line.options.config_test) {
            return daemon::test_config(command_line.options);
        }
        return daemon::start(command_line.options, argc, argv);
    } catch (const std::exception& exception) {
        fmt::print(stderr, "{}: {}\n", argv[0], exception.what());
        core::log::error("{}", exception.what());
        return daemon::kOutOfLuck;
    }
}
