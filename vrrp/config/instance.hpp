// A virtual router on an interface (vrrp_instance), as the engine reads it. There may be tens of thousands of these:
// what few of them have is boxed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/boxed.hpp"
#include "core/time.hpp"
#include "vrrp/config/address.hpp"
#include "vrrp/config/authentication.hpp"
#include "vrrp/config/garp.hpp"
#include "vrrp/config/notify.hpp"
#include "vrrp/config/own_interface.hpp"
#include "vrrp/config/route.hpp"
#include "vrrp/config/rule.hpp"
#include "vrrp/config/state.hpp"
#include "vrrp/config/tracker.hpp"
#include "vrrp/config/unicast.hpp"

namespace sustain::vrrp {

/// What hardly any instance sets.
struct RareSettings {
    std::string vrf;                                     ///< of unicast without interface
    std::string lvs_sync_interface;                      ///< lvs_sync_daemon_interface: deprecated
    std::optional<std::uint32_t> kernel_receive_buffer;  ///< bytes; default: vrrp_rx_bufs_policy
    std::uint8_t timer_expired_priority = 0;             ///< sent by a backup whose timer expired late; 1–254, 0: off
    core::CommandNumber lower_priority_script = core::kNoCommand;  ///< notify_master_rx_lower_pri
    core::CommandNumber deleted_script = core::kNoCommand;         ///< notify_deleted
    std::uint8_t debug = 0;                                        ///< 0–4; has no effect

    bool operator==(const RareSettings&) const = default;
};

struct Instance {
    std::string name;
    std::string interface;   ///< empty: unicast from a configured source
    std::uint8_t vrid = 0;   ///< 1–255
    std::uint16_t twin = 0;  ///< unicast: how many before it have the same interface, family and VRID
    std::uint8_t version = 2;
    std::uint8_t priority = 100;         ///< 1–255; 255 is the address owner
    std::optional<State> initial_state;  ///< `state MASTER` or `state BACKUP`, if written
    core::Address::Family address_family = core::Address::Family::ipv4;

    core::Duration advert_interval = std::chrono::seconds(1);  ///< v2: whole seconds, 1–255; v3: 10 ms to 40.95 s
    core::Duration preempt_delay{0};                           ///< 0–1000 s
    std::uint8_t down_timer_adverts = 3;                       ///< 1–100: advert intervals without an advert
    bool preempt = true;
    bool accept = true;                    ///< packets to the addresses are for us even if we do not own them
    bool strict = false;                   ///< by the letter of the RFC
    bool skip_check_adv_addr = false;      ///< the list in further adverts of the same master is not compared
    bool lower_prio_no_advert = false;     ///< a losing advert is not answered
    bool higher_prio_send_advert = false;  ///< a winning one is, before we go
    bool owner_ignore_adverts = false;     ///< of the owner
    bool v3_checksum_as_v2 = false;        ///< VRRPv3, IPv4: without pseudo header
    bool track_primary = true;             ///< its interface going down is a fault
    bool track_source = false;             ///< track_src_ip: the source address going away is a fault
    bool promote_secondaries = false;      ///< sysctl of that name
    bool poll_link_state = false;          ///< linkbeat_use_polling
    bool no_addresses = false;             ///< no_virtual_ipaddress: none are needed
    bool vmac_for_addresses = false;       ///< use_vmac_addr: a VMAC on each other interface that has an address
    bool smtp_alert = false;
    bool notify_priority_changes = false;
    bool notify_deleted = false;  ///< DELETED instead of FAULT when a reload removes it
    bool faulty = false;          ///< a mistake in the configuration holds it in FAULT until the next reload

    Authentication authentication;          ///< VRRPv2
    core::Boxed<HmacAuthentication> hmac;   ///< any version; excludes `authentication`
    std::vector<VirtualAddress> addresses;  ///< advertised, in this order
    std::vector<VirtualAddress> excluded;   ///< set and removed like the others, but not advertised
    std::vector<Tracker> trackers;          ///< its own and those of its sync group
    NotifyScripts scripts;
    std::vector<Route> routes;  ///< set after the addresses
    std::vector<Rule> rules;
    GarpSettings garp;
    ExtraGarp extra_garp;
    std::optional<core::Address> source;  ///< of adverts; default: the primary address of the interface
    /// Where adverts go; of unicast, what old checksums are made with. Default: that of the RFC. Filled in from
    /// mcast_dst_ip and vrrp_mcast_group4 or 6.
    std::optional<core::Address> group;
    core::Boxed<Unicast> unicast;  ///< empty: multicast
    core::Boxed<OwnInterface> own_interface;
    core::Boxed<RareSettings> rare;

    bool operator==(const Instance&) const = default;
};

}  // namespace sustain::vrrp
