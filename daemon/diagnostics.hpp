// From the command line to the parser, and from what the parser found to the log.
#pragma once

#include <optional>

#include "daemon/options.hpp"
#include "parser/loader.hpp"

namespace sustain::daemon {

/// What the running daemon is to read.
[[nodiscard]] parser::Options loader_options(const Options& options);

/// Writes what was found in a configuration to the log, a line each.
void log_diagnostics(const parser::Outcome& outcome);

/// The status to end with (at a reload: to refuse with) because of what was found, given which children may run.
[[nodiscard]] std::optional<int> fatal_status(const parser::Outcome& outcome, const Parts& parts);

}  // namespace sustain::daemon
