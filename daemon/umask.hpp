// The mask of the files that the daemon and its scripts make (umask of global_defs, -u; spec/cli.md section 9).
#pragma once

#include "core/config/processes.hpp"
#include "daemon/options.hpp"

namespace sustain::daemon {

/// Once a configuration is to be used. -u wins, which is logged; without a word about it the mask stays as it is. Of a
/// reload only the parent needs to know: its children make no files, and scripts are children of the parent.
void take_umask(const Options& options, const core::ProcessesSettings& settings);

}  // namespace sustain::daemon
