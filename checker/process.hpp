// The checker child: it probes real servers and reports verdicts over its channel, and nothing else. It edits no IPVS
// table, runs no program and, after start, holds no capability but those that its sockets need (design.md section 1).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "checker/config.hpp"
#include "core/auto_priority.hpp"
#include "core/loop.hpp"
#include "core/message.hpp"
#include "core/unique_fd.hpp"

namespace sustain::checker {

struct Configuration {
    Config config;
    core::Lateness lateness = {};
};

/// Reads this child's slice of a new configuration from the sealed memfd of a Reload. Nothing if it cannot be read,
/// which ends the child: the parent has checked the same text before and restarts it with the configuration in memory.
using Reparse = std::function<core::Awaitable<std::optional<Configuration>>(core::UniqueFd text)>;

struct Start {
    Configuration configuration;
    core::Generation generation = 1;
    core::UniqueFd channel;  ///< this child's end (core::make_channel_ends)
    Reparse reparse;
    /// The known verdicts by check number when this child replaces one that died: it goes on from there, and nothing
    /// flaps. Empty at the start of the daemon.
    std::vector<std::optional<bool>> last_verdicts;
    bool ignore_sigint = false;  ///< --ignore-sigint
};

/// The whole life of the checker child, in the process that calls it: drops all capabilities but CAP_NET_RAW and
/// CAP_NET_BIND_SERVICE, sends Ready, probes until Stop, SIGTERM, SIGINT or the end of the channel. Takes SIGTERM and
/// SIGINT over, ignores SIGHUP. Logs through core/log.hpp: the sinks are the caller's business.
///
/// A Verdict is sent for the first result of each check and for each change, where a check with an entry in
/// last_verdicts, or an equal one before a reload that had a result, has had its first. All Verdicts before
/// Ready{generation} speak of the generation before it, all later ones of that one; one that a parent dropped because
/// it had already changed over is not repeated.
/// \return the exit status of the process: 0 after an orderly end.
[[nodiscard]] int run(Start start);

}  // namespace sustain::checker
