// Where things are on the system, as keepalived has them (spec/cli.md sections 10 and 23).
#pragma once

namespace sustain::daemon {

constexpr auto kDefaultConfigFile = "/etc/keepalived/keepalived.conf";
constexpr auto kDefaultPidFile = "/run/keepalived.pid";
constexpr auto kDefaultVrrpPidFile = "/run/vrrp.pid";
constexpr auto kDefaultCheckerPidFile = "/run/checkers.pid";

}  // namespace sustain::daemon
