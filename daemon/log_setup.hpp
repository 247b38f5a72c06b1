// Opens the log of a process as the command line wants it.
#pragma once

#include <string>

#include "daemon/options.hpp"

namespace sustain::daemon {

/// `ident` is the name in syslog: "Keepalived", "Keepalived_vrrp", "Keepalived_healthcheckers" (spec/cli.md 22).
void open_log(const Options& options, std::string ident);

}  // namespace sustain::daemon
