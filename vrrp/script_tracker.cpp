#include "vrrp/script_tracker.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "vrrp/log_action.hpp"

namespace sustain::vrrp {

namespace {

using core::CommandStatus;

// A run that was refused because a reload was under way is asked for again so soon.
constexpr auto kAgain = std::chrono::milliseconds(100);
// (TimePoint::max() does not fit into the clock of a timer.)
constexpr auto kNever = std::chrono::hours(24 * 365);

}  // namespace

ScriptTracker::ScriptTracker(TrackScript config, core::TimePoint now)
    : config_(std::move(config)), known_(config_.init_fail ? Known::down : Known::waiting), next_(now) {}

void ScriptTracker::reconfigure(TrackScript config, core::TimePoint now, Actions& lines) {
    const bool other_command = config.command != config_.command || config.file != config_.file;
    config_ = std::move(config);
    if (known_ == Known::unusable) {
        known_ = config_.init_fail ? Known::down : Known::waiting;
        next_ = now;
        return;
    }
    next_ = other_command ? now : std::min(next_, now + config_.interval);
    if (known_ != Known::waiting) {
        log(lines, "VRRP_Script({}) considered {} on reload", config_.name,
            known_ == Known::up ? "successful" : "unsuccessful");
    }
}

bool ScriptTracker::expire(core::TimePoint now, Actions& lines) {
    if (now < next_) {
        return false;
    }
    // To the beat, but without catching up on what was missed.
    next_ += config_.interval;
    if (next_ <= now) {
        next_ = now + config_.interval;
    }
    if (running_) {
        const core::Duration timeout = config_.timeout > core::Duration::zero() ? config_.timeout : config_.interval;
        if (!std::exchange(skip_logged_, true)) {
            log(lines, "Track script {} is {}, expect idle - skipping run", config_.name,
                now - began_ > timeout ? "being timed out" : "already running");
        }
        return false;
    }
    running_ = true;
    skip_logged_ = false;
    began_ = now;
    return true;
}

void ScriptTracker::ended(const CommandStatus& status, core::TimePoint now, Actions& lines) {
    running_ = false;
    const bool not_run = status.how == CommandStatus::How::not_run;
    if (not_run && (status.code == ESTALE || status.code == EPERM || status.code == ECANCELED)) {
        next_ = std::min(next_, now + kAgain);  // it says nothing about what is tracked
        return;
    }
    if (not_run && status.code == ENXIO) {
        known_ = Known::unusable;  // found so when the configuration was read, and logged then
        next_ = now + kNever;
        return;
    }
    if (not_run && !not_run_) {
        log(lines, "Script `{}` cannot be run: {}", config_.name, std::strerror(status.code));
    }
    not_run_ = not_run;
    if (status.how == CommandStatus::How::exited && status.code != exit_status_) {
        log(lines, "Script `{}` now returning {}", config_.name, status.code);
        exit_status_ = status.code;
    }
    const Known result = status.succeeded() ? Known::up : Known::down;
    if (result == known_) {
        in_a_row_ = 0;
        return;
    }
    ++in_a_row_;
    if (known_ == Known::waiting || in_a_row_ >= (result == Known::up ? config_.rise : config_.fall)) {
        known_ = result;
        in_a_row_ = 0;
        log_result(status, lines);
    }
}

void ScriptTracker::log_result(const CommandStatus& status, Actions& lines) const {
    const auto name = [this] { return config_.name; };
    switch (status.how) {
        case CommandStatus::How::timed_out: log(lines, "VRRP_Script({}) timed_out", name()); break;
        case CommandStatus::How::killed:
            log(lines, "VRRP_Script({}) failed (due to signal {})", name(), status.code);
            break;
        case CommandStatus::How::not_run:
            log(lines, "VRRP_Script({}) failed ({})", name(), std::strerror(status.code));
            break;
        case CommandStatus::How::exited:
            if (status.succeeded()) {
                log(lines, "VRRP_Script({}) succeeded", name());
            } else {
                log(lines, "VRRP_Script({}) failed (exited with status {})", name(), status.code);
            }
            break;
    }
}

}  // namespace sustain::vrrp
