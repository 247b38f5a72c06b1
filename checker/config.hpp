// What the configuration says about health checks, as the checker child reads it: one entry a check, defaults
// inherited (spec/lvs.md 2.1), independent of the pools that the verdicts are for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/address.hpp"
#include "core/command.hpp"
#include "core/time.hpp"

namespace sustain::checker {

/// Where a network check connects to, and from where (spec/lvs.md 5.1).
struct Endpoint {
    core::Address address;
    std::uint16_t port = 0;
    std::optional<core::Address> bind_address;
    std::uint16_t bind_port = 0;  ///< only with bind_address
    std::string bind_interface;   ///< empty: none
    std::uint32_t fwmark = 0;     ///< 0: none

    bool operator==(const Endpoint&) const = default;
};

struct TcpCheck {
    bool operator==(const TcpCheck&) const = default;
};

using Kind = std::variant<TcpCheck>;

/// What makes a check the same one before and after a reload (spec/lvs.md 11.3).
struct Identity {
    Kind kind;
    Endpoint endpoint;
    core::Duration connect_timeout = std::chrono::seconds(5);

    bool operator==(const Identity&) const = default;
};

struct Check {
    Identity identity;
    std::string real_server;     ///< for the log: "[172.27.9.91]:tcp:81"
    std::string virtual_server;  ///< for the log: "[172.27.9.100]:tcp:81"
    bool alpha = false;          ///< down until the first success
    unsigned retry = 1;          ///< additional attempts before the verdict becomes down
    core::Duration delay_before_retry = std::chrono::seconds(1);
    core::Duration delay_loop = std::chrono::seconds(60);
    core::Duration warmup = std::chrono::seconds(60);  ///< upper bound of the random part of the start delay
    bool log_all_failures = false;
};

struct Config {
    std::vector<Check> checks;                ///< the index is the number of a check in messages
    std::vector<core::Command> scripts = {};  ///< programs of MISC_CHECK
};

}  // namespace sustain::checker
