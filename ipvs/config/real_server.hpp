// The servers of a pool, and the one that says sorry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/command.hpp"
#include "ipvs/config/forwarding.hpp"

namespace sustain::ipvs {

struct Check {
    std::uint32_t number = 0;  ///< its index in checker::Config::checks
    bool alpha = false;        ///< counts as down until its first success
    /// Index of the equal check (checker::Identity) of the same real server in the configuration before a reload is
    /// found by comparing these texts.
    std::string identity;
    /// What is known of it before its first result: that it has failed, and what it adds to the weight of the server.
    bool failed = false;
    std::int32_t contribution = 0;
};

struct RealServer {
    core::Address address;
    std::uint16_t port = 0;  ///< 0 only where the kernel takes the port of the service
    std::int32_t weight = 1;
    Forwarding forwarding = Forwarding::nat;
    Tunnel tunnel;
    bool inhibit_on_failure = false;  ///< weight 0 instead of removal
    std::optional<bool> smtp_alert;   ///< mail when it goes up or down; has a value once the configuration is complete
    std::uint32_t upper_threshold = 0;
    std::uint32_t lower_threshold = 0;
    core::CommandNumber notify_up = core::kNoCommand;  ///< in Config::scripts
    core::CommandNumber notify_down = core::kNoCommand;
    std::string snmp_name;
    std::vector<Check> checks;
};

/// In service while there is no quorum.
struct SorryServer {
    core::Address address;
    std::uint16_t port = 0;
    Forwarding forwarding = Forwarding::nat;
    Tunnel tunnel = {};
    bool inhibit = false;
};

}  // namespace sustain::ipvs
