// What trackers may name: scripts and processes, and the neighbours and files that are defined elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/command.hpp"
#include "core/time.hpp"

namespace sustain::vrrp {

/// vrrp_script: run at intervals; or a file that can be opened or not.
struct TrackScript {
    std::string name;
    core::Command command;
    std::string file;  ///< `</FILE`: nothing is run
    core::Duration interval = std::chrono::seconds(1);
    core::Duration timeout{0};  ///< 0: the interval
    std::int32_t weight = 0;
    unsigned rise = 1;
    unsigned fall = 1;
    bool reverse = false;
    bool init_fail = false;  ///< counts as failed until it has succeeded `rise` times

    bool operator==(const TrackScript&) const = default;
};

/// How the arguments of a process are compared with those that are wanted.
enum class ParameterMatch : std::uint8_t { none, exact, initial, partial };

/// vrrp_track_process: how many processes of a name run.
struct TrackProcess {
    std::string name;
    std::string process;
    std::vector<std::string> parameters;
    ParameterMatch match = ParameterMatch::none;
    bool full_command = false;
    bool reverse = false;
    std::int32_t weight = 0;
    unsigned quorum = 1;                 ///< fewer are a fault
    std::optional<unsigned> quorum_max;  ///< more are a fault
    core::Duration terminate_delay{0};   ///< one that ended counts for so long
    core::Duration fork_delay{0};        ///< one that began counts only then

    bool operator==(const TrackProcess&) const = default;
};

}  // namespace sustain::vrrp
