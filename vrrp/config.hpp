// What the configuration says about VRRP, as the engine reads it: plain values, defaults filled in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"

namespace sustain::vrrp {

/// Numbers are those of the state exports (spec/vrrp.md section 3).
enum class State : std::uint8_t { init = 0, backup = 1, master = 2, fault = 3 };

/// One line of virtual_ipaddress or virtual_ipaddress_excluded.
struct VirtualAddress {
    core::Prefix prefix;
    std::string device;  ///< empty: the interface of the instance
    std::optional<core::Address> broadcast;
    std::string label;
    std::uint8_t scope = 0;  ///< RT_SCOPE_…
    bool track = true;       ///< false with no_track

    bool operator==(const VirtualAddress&) const = default;
};

enum class AuthenticationType : std::uint8_t { none = 0, password = 1 };

struct Authentication {
    AuthenticationType type = AuthenticationType::none;
    core::Secret password;  ///< at most 8 octets

    bool operator==(const Authentication&) const = default;
};

/// When gratuitous ARP is sent and how often (spec/vrrp.md 5.2).
struct GarpSettings {
    unsigned repeat = 5;                                        ///< packets an address in the first and the second set
    core::Duration delay = std::chrono::seconds(5);             ///< of the second set; 0: no second set
    core::Duration refresh{0};                                  ///< between refresh sets; 0: none
    unsigned refresh_repeat = 1;                                ///< packets an address in a refresh set
    unsigned lower_prio_repeat = 5;                             ///< packets an address after a losing advert; 0: none
    core::Duration lower_prio_delay = std::chrono::seconds(5);  ///< of the second set after a losing advert

    bool operator==(const GarpSettings&) const = default;
};

struct Instance {
    std::string name;
    std::string interface;
    std::uint8_t vrid = 0;                                     ///< 1–255
    std::uint8_t priority = 100;                               ///< 1–255; 255 is the address owner
    std::optional<State> initial_state;                        ///< `state MASTER` or `state BACKUP`, if written
    core::Duration advert_interval = std::chrono::seconds(1);  ///< VRRPv2: whole seconds, 1–255
    bool preempt = true;
    core::Duration preempt_delay{0};  ///< 0–1000 s
    Authentication authentication;
    std::vector<VirtualAddress> addresses;  ///< advertised, in this order
    std::vector<VirtualAddress> excluded;   ///< set and removed like the others, but not advertised
    GarpSettings garp;

    bool operator==(const Instance&) const = default;
};

struct Config {
    std::vector<Instance> instances;
    bool dynamic_interfaces = false;  ///< of global_defs: an interface may be absent at start
};

}  // namespace sustain::vrrp
