// vrrp_instance while it is being read: what was written and what was not. It waits for the end of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/address.hpp"
#include "core/time.hpp"
#include "parser/draft/current.hpp"
#include "parser/draft/track.hpp"
#include "parser/report.hpp"
#include "vrrp/config.hpp"

namespace sustain::parser {

struct InstanceDraft {
    std::string name;
    Place place;   ///< the vrrp_instance line
    Place closed;  ///< its `}`
    std::string interface;
    std::optional<std::uint8_t> vrid;
    std::optional<std::uint8_t> priority;
    std::optional<vrrp::State> state;
    std::optional<std::uint8_t> version;
    std::optional<core::Address::Family> family;  ///< of the first address
    std::optional<core::Duration> advert_interval;
    bool nopreempt = false;
    core::Duration preempt_delay{0};
    std::optional<vrrp::AuthenticationType> authentication;
    std::string password;
    std::vector<vrrp::VirtualAddress> addresses;
    std::vector<vrrp::VirtualAddress> excluded;
    std::vector<vrrp::Route> routes;
    std::vector<vrrp::Rule> rules;
    std::unordered_set<core::Address> advertised;   ///< finds an address given twice
    std::unordered_set<std::string> on_interfaces;  ///< likewise: device and address
    std::optional<core::Duration> garp_master_delay;
    std::optional<unsigned> garp_master_repeat;
    std::optional<core::Duration> garp_master_refresh;
    std::optional<unsigned> garp_master_refresh_repeat;
    std::optional<core::Duration> garp_lower_prio_delay;
    std::optional<unsigned> garp_lower_prio_repeat;
    std::vector<TrackerDraft> trackers;
    vrrp::NotifyScripts scripts;
    bool no_addresses = false;  ///< no_virtual_ipaddress
    bool elsewhere = false;     ///< does not send to the usual group: unicast_… or mcast_dst_ip
    /// The first thing in it without which it must not run and which is not supported yet; empty: it can run.
    std::string obstacle;
};

struct InstanceDrafts {
    std::vector<InstanceDraft> instances;
    std::unordered_set<std::string> instance_names;
};

inline InstanceDraft& open_object(InstanceDrafts& drafts, Open<InstanceDraft>) {
    return drafts.instances.back();
}

}  // namespace sustain::parser
