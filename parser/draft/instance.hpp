// vrrp_instance while it is being read: the instance as far as it is known, and what was written and what was not. It
// waits for the end of the file.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "core/address.hpp"
#include "core/time.hpp"
#include "parser/draft/current.hpp"
#include "parser/draft/track.hpp"
#include "parser/report.hpp"
#include "vrrp/config.hpp"

namespace sustain::parser {

/// What counts otherwise if it was not written: as global_defs says, or as other settings make it.
struct WrittenSettings {
    std::optional<std::uint8_t> version;
    std::optional<std::uint8_t> priority;
    std::optional<std::uint8_t> down_timer_adverts;
    std::optional<bool> strict;
    std::optional<bool> accept;
    std::optional<bool> skip_check_adv_addr;
    std::optional<bool> lower_prio_no_advert;
    std::optional<bool> higher_prio_send_advert;
    std::optional<bool> owner_ignore_adverts;
    std::optional<bool> v3_checksum_as_v2;
    std::optional<bool> smtp_alert;
    std::optional<bool> notify_priority_changes;
    std::optional<core::Duration> garp_master_delay;
    std::optional<unsigned> garp_master_repeat;
    std::optional<core::Duration> garp_master_refresh;
    std::optional<unsigned> garp_master_refresh_repeat;
    std::optional<core::Duration> garp_lower_prio_delay;
    std::optional<unsigned> garp_lower_prio_repeat;
    std::optional<vrrp::ExtraGarp> extra_garp;
};

struct InstanceDraft : vrrp::Instance {
    Place place;   ///< the vrrp_instance line
    Place closed;  ///< its `}`
    WrittenSettings written;
    std::vector<TrackerDraft> trackers;
    std::optional<core::Address::Family> family;  ///< of the first address
    bool unicast_keyword = false;                 ///< one that makes no sense without peers
    bool check_unicast_source = false;
    bool fault_without_peers = false;               ///< unicast_fault_no_peer
    bool transmit_base = false;                     ///< vmac_xmit_base
    bool ends_with_vrid = false;                    ///< use_vmac named five octets
    bool stopped = false;                           ///< keepalived does not start with this
    std::unordered_set<core::Address> advertised;   ///< finds an address given twice
    std::unordered_set<std::string> on_interfaces;  ///< likewise: device and address
    /// The first thing in it without which it must not run and which is not supported yet; empty: it can run.
    std::string obstacle;

    /// Whether an address of this family fits the others; the first one decides.
    [[nodiscard]] bool fits(core::Address::Family other) {
        family = family.value_or(other);
        return *family == other;
    }
    [[nodiscard]] bool is_ipv6() const { return family == core::Address::Family::ipv6; }
};

struct InstanceDrafts {
    std::deque<InstanceDraft> instances;
    std::unordered_set<std::string> instance_names;
    std::unordered_set<core::Address> peers;  ///< of the open one: finds one given twice
    /// Unicast instances by what identifies them, but for their place among those alike.
    std::map<std::tuple<std::string, core::Address::Family, std::uint8_t>, std::uint16_t> twins;
    std::unordered_map<std::string, std::string> own_interfaces;  ///< names of VMACs and ipvlans: whose they are
};

inline InstanceDraft& open_object(InstanceDrafts& drafts, Open<InstanceDraft>) {
    return drafts.instances.back();
}
inline vrrp::Instance& open_object(InstanceDrafts& drafts, Open<vrrp::Instance>) {
    return drafts.instances.back();
}
inline WrittenSettings& open_object(InstanceDrafts& drafts, Open<WrittenSettings>) {
    return drafts.instances.back().written;
}
inline vrrp::Unicast& open_object(InstanceDrafts& drafts, Open<vrrp::Unicast>) {
    return drafts.instances.back().unicast.make();
}
inline vrrp::RareSettings& open_object(InstanceDrafts& drafts, Open<vrrp::RareSettings>) {
    return drafts.instances.back().rare.make();
}
inline vrrp::HmacAuthentication& open_object(InstanceDrafts& drafts, Open<vrrp::HmacAuthentication>) {
    return drafts.instances.back().hmac.make();
}

}  // namespace sustain::parser
