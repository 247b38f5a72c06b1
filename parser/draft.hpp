// The configuration while it is being read: what was written and what was not, before defaults are inherited and
// checks are made. A virtual server is checked at the end of its block and then forgotten; the instances wait for the
// end of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "core/address.hpp"
#include "core/time.hpp"
#include "ipvs/config.hpp"
#include "parser/config.hpp"
#include "parser/report.hpp"
#include "vrrp/config.hpp"

namespace sustain::parser {

/// An interface that the text names and that has to exist, with what is said if it does not.
struct InterfaceUse {
    std::string name;
    Place place;
    std::string complaint;
};

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
    std::unordered_set<core::Address> advertised;   ///< finds an address given twice
    std::unordered_set<std::string> on_interfaces;  ///< likewise: device and address
    std::vector<InterfaceUse> interfaces;
    std::optional<core::Duration> garp_master_delay;
    std::optional<unsigned> garp_master_repeat;
    std::optional<core::Duration> garp_master_refresh;
    std::optional<unsigned> garp_master_refresh_repeat;
    std::optional<core::Duration> garp_lower_prio_delay;
    std::optional<unsigned> garp_lower_prio_repeat;
    bool no_addresses = false;  ///< no_virtual_ipaddress
    bool elsewhere = false;     ///< does not send to the usual group: unicast_… or mcast_dst_ip
    /// The first thing in it without which it must not run and which is not supported yet; empty: it can run.
    std::string obstacle;
};

/// An entry of virtual_ipaddress while its options are read.
struct AddressDraft {
    std::string text;  ///< the address as written
    vrrp::VirtualAddress value;
    bool dropped = false;
};

/// lvs_method with its tunnel words.
struct Method {
    ipvs::Forwarding forwarding = ipvs::Forwarding::nat;
    bool plain = true;  ///< false: a kind of tunnel that is not supported yet
};

/// What virtual servers, real servers and checks all have and hand down (spec/lvs.md 2.1).
struct CheckDefaults {
    std::optional<unsigned> retry;
    std::optional<core::Duration> delay_before_retry;
    std::optional<core::Duration> delay_loop;
    std::optional<core::Duration> warmup;
    std::optional<core::Duration> connect_timeout;
    std::optional<bool> alpha;
};

struct CheckDraft : CheckDefaults {
    Place place;
    std::optional<core::Address> connect_ip;
    std::optional<std::uint16_t> connect_port;
    std::optional<core::Address> bindto;
    std::optional<std::uint16_t> bind_port;
    std::string bind_if;
    std::uint32_t fwmark = 0;
    bool log_all_failures = false;
};

struct RealServerDraft : CheckDefaults {
    Place place;
    core::Address address;
    std::uint16_t port = 0;
    std::optional<std::int32_t> weight;
    std::optional<Method> method;
    std::optional<bool> inhibit_on_failure;
    std::uint32_t uthreshold = 0;
    std::uint32_t lthreshold = 0;
    std::vector<CheckDraft> checks;
};

struct SorryServerDraft {
    Place place;
    core::Address address;
    std::uint16_t port = 0;
    std::optional<Method> method;
    bool inhibit = false;
};

struct VirtualServerDraft : CheckDefaults {
    Place place;
    Place closed;
    core::Address address;
    std::uint16_t port = 0;
    std::optional<ipvs::Protocol> protocol;
    std::string scheduler;
    std::optional<Method> method;
    std::optional<std::uint32_t> persistence_timeout;
    std::optional<std::uint32_t> persistence_granularity;
    std::uint32_t flags = 0;
    std::uint32_t quorum = 1;
    std::uint32_t hysteresis = 0;
    std::int32_t weight = 1;
    bool inhibit_on_failure = false;
    std::optional<SorryServerDraft> sorry_server;
    std::vector<RealServerDraft> real_servers;
};

struct Draft {
    Config config;  ///< what is ready
    std::vector<InstanceDraft> instances;
    std::unordered_set<std::string> instance_names;
    VirtualServerDraft virtual_server;  ///< the one whose block is open
    AddressDraft address;               ///< the one whose line is read

    /// The one whose block is open, by type: a keyword table sets members of these.
    template <typename T>
    [[nodiscard]] T& current() {
        if constexpr (std::is_same_v<T, core::GlobalConfig>) {
            return config.global;
        } else if constexpr (std::is_same_v<T, InstanceDraft>) {
            return instances.back();
        } else if constexpr (std::is_same_v<T, VirtualServerDraft>) {
            return virtual_server;
        } else if constexpr (std::is_same_v<T, RealServerDraft>) {
            return virtual_server.real_servers.back();
        } else {
            static_assert(std::is_same_v<T, CheckDraft>);
            return virtual_server.real_servers.back().checks.back();
        }
    }
};

}  // namespace sustain::parser
