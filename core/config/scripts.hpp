// How the scripts of the configuration are run, and those that the parent runs itself.
#pragma once

#include "core/command.hpp"
#include "core/time.hpp"

namespace sustain::core {

struct ScriptSettings {
    bool security = false;              ///< enable_script_security: what others than root could change is not run
    bool symlink_paths = false;         ///< use_symlink_paths: a program is started by the path as written
    bool supplementary_groups = false;  ///< set_supplementary_groups: scripts have all groups of their user
    Command startup;                    ///< before the children start
    Command shutdown;                   ///< after they have ended
    Duration startup_timeout = std::chrono::seconds(10);   ///< 1–1000 s
    Duration shutdown_timeout = std::chrono::seconds(10);  ///< 1–1000 s

    bool operator==(const ScriptSettings&) const = default;
};

}  // namespace sustain::core
