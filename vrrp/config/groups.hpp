// Instances that change state together, and those that decide about static addresses, routes and rules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vrrp/config/notify.hpp"
#include "vrrp/config/tracker.hpp"

namespace sustain::vrrp {

/// vrrp_sync_group. What it tracks, its members track as well.
struct SyncGroup {
    std::string name;
    std::vector<std::string> members;
    std::vector<Tracker> trackers;
    NotifyScripts scripts;
    bool tracking_weight = false;  ///< sync_group_tracking_weight
    std::optional<bool> smtp_alert;
    std::optional<bool> notify_priority_changes;  ///< default: the instance's

    bool operator==(const SyncGroup&) const = default;
};

/// track_group: static objects that name it need all its members up.
struct TrackGroup {
    std::string name;
    std::vector<std::string> members;

    bool operator==(const TrackGroup&) const = default;
};

}  // namespace sustain::vrrp
