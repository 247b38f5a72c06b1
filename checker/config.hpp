// What the configuration says about health checks, as the checker child reads it: one entry a check, defaults
// inherited (spec/lvs.md 2.1), independent of the pools that the verdicts are for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "checker/config/http_get.hpp"
#include "checker/config/local_checks.hpp"
#include "checker/config/network_checks.hpp"
#include "checker/config/tls.hpp"
#include "core/address.hpp"
#include "core/boxed.hpp"
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

/// What is tried. Whatever is not as frequent and small as the first one lives on the heap.
using Kind =
    std::variant<TcpCheck, core::Boxed<HttpGet>, core::Boxed<SmtpCheck>, core::Boxed<DnsCheck>, core::Boxed<UdpCheck>,
                 PingCheck, core::Boxed<MiscCheck>, core::Boxed<BfdCheck>, core::Boxed<FileCheck>>;

/// Whether anything acts on checks of this kind yet.
[[nodiscard]] inline bool is_supported(const Kind& kind) {
    return !std::holds_alternative<core::Boxed<BfdCheck>>(kind);
}

/// Whether the checker child makes such checks when they are due: the others hear of events, or lack their script.
[[nodiscard]] inline bool has_timetable(const Kind& kind) {
    if (const auto* const misc = std::get_if<core::Boxed<MiscCheck>>(&kind)) {
        return (*misc)->script != core::kNoCommand;
    }
    return !std::holds_alternative<core::Boxed<BfdCheck>>(kind) &&
           !std::holds_alternative<core::Boxed<FileCheck>>(kind);
}

/// What makes a check the same one before and after a reload (spec/lvs.md 11.3). Of a kind only what its identity()
/// names; checks that do not connect have neither endpoint nor timeout.
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
    bool suspendable = false;  ///< of a virtual server with ha_suspend
};

struct Config {
    std::vector<Check> checks;                ///< the index is the number of a check in messages
    std::vector<core::Command> scripts = {};  ///< programs of MISC_CHECK
    std::vector<Check> idle = {};             ///< of kinds that nothing runs yet: what they check counts as up
    std::optional<Tls> tls = {};              ///< of SSL_GET
};

}  // namespace sustain::checker
