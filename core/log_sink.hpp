// Where log lines go: the system log and the console.
#pragma once

#include <memory>
#include <string>

#include "core/log.hpp"

namespace sustain::core {

/// /dev/log through a non-blocking datagram socket. `ident` is what stands before the pid ("Keepalived_vrrp"),
/// `facility` a LOG_… constant. A log daemon that is absent or restarted is connected to again at the next line,
/// at most once a second.
[[nodiscard]] std::unique_ptr<LogSink> make_syslog_sink(std::string ident, int facility);

/// Standard error as "<date and time>: text". A line is only written when it fits without waiting.
[[nodiscard]] std::unique_ptr<LogSink> make_console_sink();

}  // namespace sustain::core
