// The whole life of the VRRP child: what the parent hands over when it forks the child, and the function that then
// runs until the child ends.
//
// Messages on the channel. From the parent: Stop (release everything, say goodbye, end) and Reload with the child's
// slice of the new text attached. To the parent: Ready when a configuration is in force, InstanceState and GroupState
// for every transition and, before the Ready of a reload, for every instance and group of the new configuration;
// PriorityChanged and LowerPriorityHeard when that happens. The end of the channel means that the parent died: an
// orderly stop.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/auto_priority.hpp"
#include "core/config/netlink.hpp"
#include "core/config/track_file.hpp"
#include "core/loop.hpp"
#include "core/message.hpp"
#include "core/unique_fd.hpp"
#include "vrrp/config.hpp"

namespace sustain::vrrp {

/// What VRRP reads of the settings for all parts of the daemon.
struct CommonSettings {
    std::vector<core::TrackFile> track_files;
    core::NetlinkBuffers netlink;
    core::Lateness lateness;
    std::uint8_t address_protocol = 18;  ///< the mark of our addresses (IFA_PROTO)
};

struct Configuration {
    Config config;
    CommonSettings common;
};

/// Reads the text of a reload in small steps, so that adverts leave on time meanwhile. Nothing where it is not valid.
using Reparse = std::function<core::Awaitable<std::optional<Configuration>>(core::UniqueFd text)>;

struct Start {
    Config config;
    CommonSettings common;
    core::Generation generation = 1;
    core::UniqueFd channel;  ///< this child's end
    Reparse reparse;
    /// Names of instances that were MASTER in a child that has just crashed: they go on as MASTER at once.
    std::vector<std::string> resume_as_master;
    /// Addresses of configurations that were in force before this one, and that no child had the chance to remove.
    std::vector<VirtualAddress> left_over;
    bool release_on_stop = true;  ///< false with --dont-release-vrrp: no priority 0, addresses stay
    bool ignore_sigint = false;   ///< --ignore-sigint
    /// An earlier child has run: an interface that is gone since is a fault of its instances, no bad configuration.
    bool restarted = false;
};

/// What a child may have on interfaces with this configuration: virtual addresses and static ones, `device` filled in.
[[nodiscard]] std::vector<VirtualAddress> all_addresses(const Config& config);

/// Runs the child on a loop of its own and returns its exit status (spec/cli.md 5): 0 after an orderly stop, 2 for a
/// configuration that this machine cannot serve (an interface that does not exist, without dynamic_interfaces),
/// 4 where raw sockets are refused, 1 for anything else. The log must have its sinks already.
[[nodiscard]] int run(Start start);

}  // namespace sustain::vrrp
