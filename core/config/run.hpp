// The top level statements: in which namespaces the daemon runs, and under which name.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"

namespace sustain::core {

struct RunSettings {
    std::string namespace_name;                 ///< net_namespace; empty: the one that we were started in
    std::optional<std::string> ipvs_namespace;  ///< net_namespace_ipvs; "": the default one
    bool ipsets_in_namespace = false;
    bool pid_folder = false;                        ///< use_pid_dir; a namespace or an instance name implies it
    std::string instance;                           ///< in the names of pid files and in the log
    Duration child_wait = std::chrono::seconds(5);  ///< for children that are to end

    bool operator==(const RunSettings&) const = default;
};

}  // namespace sustain::core
