// The kernel's threads that tell other directors of our connections (master) and hear of theirs (backup): which of them
// ought to run, and whether one that runs is right (spec/lvs.md 12.2). Pure.
#pragma once

#include <vector>

#include "core/config/lvs.hpp"

namespace sustain::ipvs {

struct SyncDaemon {
    enum class Role : std::uint8_t { master = 1, backup = 2 };  ///< IP_VS_STATE_…
    Role role = Role::backup;
    core::LvsSyncDaemon settings;  ///< of the kernel's: all values are there, no instance

    bool operator==(const SyncDaemon&) const = default;
};

/// Both without an instance, else the one that goes with the state of the instance.
[[nodiscard]] std::vector<SyncDaemon> wanted_daemons(const std::optional<core::LvsSyncDaemon>& settings, bool master);

/// Whether the daemon of the kernel is what is wanted. What the settings leave open has the kernel's default, but for
/// the largest length, which depends on the interface.
[[nodiscard]] bool is_as_wanted(const SyncDaemon& actual, const SyncDaemon& wanted);

}  // namespace sustain::ipvs
