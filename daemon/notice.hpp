// What is to be done because of one event that people or programs want to hear of. Those that decide what events mean
// (VrrpNotices, lvs_notice) make it, the Notifier does it, in the order of the members.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/command.hpp"

namespace sustain::daemon {

enum class Subsystem : std::uint8_t { vrrp, lvs };

struct Notice {
    Subsystem from = Subsystem::vrrp;
    std::vector<core::Command> scripts{};  ///< to run, in this order, side by side
    std::string line{};                    ///< for FIFOs, without line feed; empty: none
    std::string subject{};                 ///< of a mail, without the router's name; empty: no mail
    std::string body{};                    ///< of the mail, one line
    bool at_stop = false;                  ///< the daemon ends: its scripts have a second

    [[nodiscard]] bool empty() const { return scripts.empty() && line.empty() && subject.empty(); }
    bool operator==(const Notice&) const = default;
};

}  // namespace sustain::daemon
