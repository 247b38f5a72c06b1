// What global_defs and the top-level statements say: the settings that belong to no subsystem alone.
#pragma once

#include <string>

#include "core/config/scripts.hpp"

namespace sustain::core {

/// Defaults are those of spec/keywords-core.tsv.
struct GlobalConfig {
    std::string router_id;            ///< names this machine in mails and dumps; the host name where not set
    bool dynamic_interfaces = false;  ///< interfaces may come into being later
    ScriptSettings scripts;
};

}  // namespace sustain::core
