#include "daemon/config_test.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/unique_fd.hpp"
#include "parser/environment.hpp"
#include "parser/examine.hpp"

namespace sustain::daemon {

namespace {

/// Colours are for people: on a terminal that knows them, if nobody objects (https://no-color.org).
bool wants_colour(int fd) {
    const char* const objection = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    return ::isatty(fd) == 1 && (objection == nullptr || *objection == '\0') && terminal != nullptr &&
           std::string_view(terminal) != "dumb";
}

std::string report(const parser::Outcome& outcome, bool colour) {
    std::string text;
    for (const parser::Diagnostic& diagnostic : outcome.diagnostics) {
        if (diagnostic.severity != parser::Severity::notice) {
            text += parser::to_text(diagnostic, colour);
            text += '\n';
        }
    }
    return text;
}

void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno != EINTR) {
            return;  // nobody reads it; the exit status still tells
        }
        text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

}  // namespace

int test_config(const Options& options) {
    core::UniqueFd file;
    if (!options.config_test_log.empty()) {
        const char* path = options.config_test_log.c_str();
        file.reset(::open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644));
        if (!file) {
            const int error = errno;
            fmt::print(stderr, "Unable to open config-test log file {} {} - {}\n", path, error, std::strerror(error));
            return 1;
        }
    }
    const parser::SystemEnvironment environment;
    const parser::Outcome outcome = parser::examine({.file = options.config_file,
                                                     .config_id = options.config_id,
                                                     .all_required = options.all_config_required,
                                                     .strict = true,
                                                     .keep_text = false,
                                                     .ignore_environment = options.ignore_environment,
                                                     .explain = options.explain},
                                                    environment);
    write_all(file ? file.get() : STDERR_FILENO, report(outcome, !file && wants_colour(STDERR_FILENO)));
    write_all(STDOUT_FILENO, outcome.explanation);
    return outcome.test_status;
}

}  // namespace sustain::daemon
