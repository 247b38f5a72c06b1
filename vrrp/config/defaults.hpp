// What global_defs says for all instances: each inherits it unless it has a setting of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/address.hpp"
#include "core/time.hpp"
#include "vrrp/config/garp.hpp"

namespace sustain::vrrp {

/// Named as the keywords, without "vrrp_".
struct Defaults {
    std::uint8_t version = 2;
    std::uint8_t down_timer_adverts = 3;  ///< 1–100
    bool strict = false;
    bool check_unicast_src = false;
    bool skip_check_adv_addr = false;
    bool lower_prio_no_advert = false;
    bool higher_prio_send_advert = false;
    bool owner_ignore_adverts = false;
    bool v3_checksum_as_v2 = false;
    bool notify_priority_changes = false;
    std::optional<bool> smtp_alert;  ///< smtp_alert_vrrp; default: smtp_alert
    core::Duration garp_master_delay = std::chrono::seconds(5);
    unsigned garp_master_repeat = 5;
    core::Duration garp_master_refresh{0};
    unsigned garp_master_refresh_repeat = 1;
    std::optional<core::Duration> garp_lower_prio_delay;  ///< default: garp_master_delay
    std::optional<unsigned> garp_lower_prio_repeat;       ///< default: garp_master_repeat
    ExtraGarp garp_extra_if;
    core::Address mcast_group4 = core::Address::ipv4(0xe0000012);                                       ///< 224.0.0.18
    core::Address mcast_group6 = core::Address(std::array<std::uint8_t, 16>{0xff, 2, 0, 0, 0, 0, 0, 0,  //
                                                                            0, 0, 0, 0, 0, 0, 0, 0x12});
    std::string vmac_prefix = "vrrp";  ///< of the names of VMACs: PREFIX.VRID
    std::string vmac_addr_prefix;      ///< of those for use_vmac_addr; empty: the same

    bool operator==(const Defaults&) const = default;
};

}  // namespace sustain::vrrp
