// How the processes run: their names, their places in the scheduler, their memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace sustain::core {

/// What each child can be told.
struct ProcessSettings {
    std::string name;                                         ///< at most 15 bytes; empty: as started
    int priority = 0;                                         ///< nice value, -20 to 19
    unsigned realtime_priority = 0;                           ///< SCHED_RR, 1–99; 0: not real time
    Duration realtime_limit = std::chrono::milliseconds(10);  ///< RLIMIT_RTTIME; 0: none
    std::vector<unsigned> cpus;                               ///< it may run on; empty: all
    bool no_swap = false;                                     ///< its memory is locked

    bool operator==(const ProcessSettings&) const = default;
};

struct VrrpProcess : ProcessSettings {};
struct CheckerProcess : ProcessSettings {};
struct BfdProcess : ProcessSettings {};

struct ProcessesSettings {
    std::string name;                ///< of the parent, at most 15 bytes; empty: as started
    bool names_of_children = false;  ///< process_names: keepalived_vrrp, keepalived_lvs, keepalived_bfd
    /// A process that was late gets real-time priority up to this; 0: never, -1: never and no hint at start.
    std::optional<int> max_auto_priority;
    Duration min_auto_priority_delay = std::chrono::seconds(1);  ///< late by so much
    std::optional<unsigned> umask;                               ///< bits to clear; default 0177
    VrrpProcess vrrp;
    CheckerProcess checker;
    BfdProcess bfd;

    bool operator==(const ProcessesSettings&) const = default;
};

}  // namespace sustain::core
