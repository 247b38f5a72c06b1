// keepalived -t (spec/cli.md section 7, spec/syntax.md section 17.2).
#pragma once

#include "daemon/options.hpp"

namespace sustain::daemon {

/// Reads the configuration, writes what is wrong to standard error or the log file, and yields the exit status.
[[nodiscard]] int test_config(const Options& options);

}  // namespace sustain::daemon
