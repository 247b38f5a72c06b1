// What happens to a pool that people want to hear of: log, notify scripts, FIFO lines, mails, traps.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/command.hpp"

namespace sustain::ipvs {

struct Transition {
    enum class Kind : std::uint8_t {
        server_up,
        server_down,
        quorum_gained,
        quorum_lost,
        weight_changed,  ///< of a real server, from `old_weight` to `new_weight`: for the log only
    };
    enum class Cause : std::uint8_t {
        verdict,   ///< of a check, or what follows from one
        start,     ///< put into the pool for the first time, or the first look at the quorum
        reload,    ///< another configuration has changed it
        removal,   ///< a reload has removed it
        shutdown,  ///< the daemon ends, and the virtual server has omega
    };
    Kind kind = Kind::server_up;
    Cause cause = Cause::verdict;
    std::string server;      ///< of server_… and weight_changed: its name
    bool inhibited = false;  ///< server_…: it stays in the kernel with weight 0 while down; weight_changed: not alive
    /// server_…: the first result of an alpha check, which is what was assumed: told to people, nothing changes.
    bool confirmed = false;
    bool first = false;        ///< quorum: the first word about it after start or reload
    std::uint64_t limit = 0;   ///< quorum: the sum of weights that decides
    std::uint64_t weight = 0;  ///< quorum: the sum of weights of the servers alive
    std::int32_t old_weight = 0;
    std::int32_t new_weight = 0;
    /// Its notify script; null: none. Of what a reload has removed, the one of the configuration that is gone.
    std::shared_ptr<const core::Command> script = nullptr;
    bool mail = false;  ///< smtp_alert is on for it

    bool operator==(const Transition&) const = default;
};

}  // namespace sustain::ipvs
