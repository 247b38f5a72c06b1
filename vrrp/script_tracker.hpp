// When a vrrp_script is run, and what its results mean (spec/vrrp.md 8.3). It knows no process and no clock. Whoever
// drives it calls expire() when deadline() has come, runs the command when that says so, and tells how it ended.
//
// The command runs once at a time: a run that is still going on when the next one is due replaces it. Until the first
// result nothing is known, and that result decides alone; later `rise` successes or `fall` failures in a row do. With
// init_fail a script counts as failed from the start and has to rise.
#pragma once

#include <optional>

#include "core/command.hpp"
#include "core/time.hpp"
#include "vrrp/action.hpp"
#include "vrrp/config/track_objects.hpp"
#include "vrrp/contribution.hpp"

namespace sustain::vrrp {

class ScriptTracker {
public:
    /// The first run is due at once.
    ScriptTracker(TrackScript config, core::TimePoint now);
    /// Another configuration of the script of this name: its result stays.
    void reconfigure(TrackScript config, core::TimePoint now, Actions& lines);

    [[nodiscard]] core::TimePoint deadline() const { return next_; }
    /// \return whether the command is to be run now.
    [[nodiscard]] bool expire(core::TimePoint now, Actions& lines);
    /// How the run ended. not_run with ENXIO: the script will never be run, so it counts for nothing.
    void ended(const core::CommandStatus& status, core::TimePoint now, Actions& lines);

    [[nodiscard]] TrackedStatus status() const { return {.known = known_}; }
    [[nodiscard]] bool running() const { return running_; }
    [[nodiscard]] const TrackScript& config() const { return config_; }

private:
    using Known = TrackedStatus::Known;

    void log_result(const core::CommandStatus& status, Actions& lines) const;

    TrackScript config_;
    Known known_ = Known::waiting;
    unsigned in_a_row_ = 0;  ///< results that speak against `known_`
    core::TimePoint next_;
    core::TimePoint began_;
    bool running_ = false;
    bool skip_logged_ = false;
    std::uint8_t exit_status_ = 0;  ///< the last one; runs that were killed have none
    bool not_run_ = false;          ///< the last run could not be started
};

}  // namespace sustain::vrrp
