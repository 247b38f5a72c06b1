// The two children: what they are called in logs, and what they do with their slice of the configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/message.hpp"
#include "core/unique_fd.hpp"
#include "daemon/options.hpp"
#include "parser/config.hpp"

namespace sustain::daemon {

enum class Part { checker, vrrp };

/// "VRRP", "Healthcheck": in "VRRP child process(N) died: Respawning" and the like.
[[nodiscard]] std::string_view label(Part part);

/// What a child that replaces one that crashed is told, so that nothing flaps.
struct Inheritance {
    std::vector<std::string> masters;                ///< instances that were MASTER
    std::vector<vrrp::VirtualAddress> left_over;     ///< of configurations that no child could clear away
    std::vector<std::optional<bool>> last_verdicts;  ///< of each check
    bool restarted = false;                          ///< an earlier child had its configuration in force
};

/// The whole life of a child process: opens its log, gives up its privileges, works, and yields its exit status.
[[nodiscard]] int live_as(Part part, const Options& options, const parser::Config& config, core::Generation generation,
                          Inheritance inheritance, core::UniqueFd channel);

}  // namespace sustain::daemon
