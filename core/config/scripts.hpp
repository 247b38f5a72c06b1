// How the scripts of the configuration are run: the settings of global_defs about all of them.
#pragma once

namespace sustain::core {

struct ScriptSettings {
    bool security = false;              ///< enable_script_security: what others than root could change is not run
    bool symlink_paths = false;         ///< use_symlink_paths: a program is started by the path as written
    bool supplementary_groups = false;  ///< set_supplementary_groups: scripts have all groups of their user

    bool operator==(const ScriptSettings&) const = default;
};

}  // namespace sustain::core
