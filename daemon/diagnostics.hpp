// From the command line to the parser and from the parser to the log.
#pragma once

#include "daemon/options.hpp"
#include "parser/loader.hpp"

namespace sustain::daemon {

/// What the parser is to read. `test` is for -t: numbers are strict, and no text is kept for children.
[[nodiscard]] parser::Options loader_options(const Options& options, bool test = false);

/// Writes what was found in a configuration to the log, a line each, with file, line and column.
void log_diagnostics(const parser::Outcome& outcome);

}  // namespace sustain::daemon
