// What the configuration says about VRRP, as the engine reads it: plain values, defaults filled in.
#pragma once

#include <vector>

#include "core/command.hpp"
#include "core/config/vrrp.hpp"
#include "core/time.hpp"
#include "vrrp/config/defaults.hpp"
#include "vrrp/config/groups.hpp"
#include "vrrp/config/instance.hpp"
#include "vrrp/config/interfaces.hpp"
#include "vrrp/config/track_objects.hpp"

namespace sustain::vrrp {

struct Config {
    std::vector<Instance> instances;  ///< with what they inherit filled in
    Defaults defaults;
    core::VrrpSettings settings;  ///< of global_defs
    /// Set for as long as the daemon runs.
    std::vector<StaticAddress> static_addresses;
    std::vector<Route> static_routes;
    std::vector<Rule> static_rules;
    std::vector<SyncGroup> sync_groups;
    std::vector<TrackGroup> track_groups;
    std::vector<TrackScript> track_scripts;
    std::vector<TrackProcess> track_processes;
    std::vector<GarpGroup> garp_groups;
    std::vector<LinkPoll> link_polls;
    std::vector<LinkDelay> link_delays;
    bool dynamic_interfaces = false;     ///< of global_defs: an interface may be absent at start
    std::vector<core::Command> scripts;  ///< notify scripts of instances and sync groups
};

}  // namespace sustain::vrrp
