// The log of every process: syslog and, in the foreground, standard error. Writing never blocks: a line that a stuck
// reader does not take is dropped and counted, and the count is logged when the reader is back.
//
// The logger is the one piece of global mutable state (design.md section 6).
#pragma once

#include <fmt/format.h>
#include <syslog.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace sustain::core {

/// Somewhere log lines go.
class LogSink {
public:
    virtual ~LogSink() = default;
    /// Takes one line without line feed. Must not block and must not log.
    virtual void write(int priority, std::string_view line) noexcept = 0;
};

namespace log {

void add_sink(std::unique_ptr<LogSink> sink);
/// Forgets all sinks: a forked child starts with its own.
void clear_sinks();

/// -D: 0 normal, 1 details, 2 more of them.
void set_detail(int level);
[[nodiscard]] int detail_level();

/// Writes one line with a syslog priority (LOG_INFO …) to every sink. Control characters are replaced, so that text
/// from outside cannot forge lines.
void write(int priority, std::string_view line) noexcept;

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    write(LOG_INFO, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
    write(LOG_WARNING, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    write(LOG_ERR, fmt::format(format, std::forward<Args>(args)...));
}

/// Only with -D.
template <typename... Args>
void detail(fmt::format_string<Args...> format, Args&&... args) {
    if (detail_level() > 0) {
        write(LOG_INFO, fmt::format(format, std::forward<Args>(args)...));
    }
}

}  // namespace log

/// Logs what escaped from the coroutine `name`.
void log_escaped_exception(std::string_view name, const std::exception_ptr& escaped) noexcept;

}  // namespace sustain::core
