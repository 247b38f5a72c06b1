// Making sure that only one daemon runs with the same pid files (spec/cli.md section 10).
#pragma once

#include <optional>

#include "daemon/options.hpp"
#include "daemon/pid_file.hpp"
#include "parser/config.hpp"

namespace sustain::daemon {

/// The locked pid files of the processes that the configuration asks for.
struct PidFiles {
    PidFile parent;
    std::optional<PidFile> vrrp;
    std::optional<PidFile> checker;
};

/// An error says that a file is locked by a running daemon or cannot be made; the reference calls both "daemon is
/// already running". If only a child's file is locked, its parent is gone and the child about to end: that is waited
/// for, a few seconds at most.
[[nodiscard]] core::Result<PidFiles> lock_pid_files(const Options& options, const parser::Config& config);

}  // namespace sustain::daemon
