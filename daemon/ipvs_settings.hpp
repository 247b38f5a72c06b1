// What the configuration says about IPVS as a whole, gathered from global_defs and, for lvs_sync_daemon, from the
// VRRP instance that it follows.
#pragma once

#include "ipvs/settings.hpp"
#include "parser/config.hpp"

namespace sustain::daemon {

/// \param checker false: this daemon does not serve virtual servers (-P): of lvs_sync_daemon only what follows an
///                instance is left, the rest is not ours
/// \param vrrp    false: there are no instances (-C), and nothing can follow one
[[nodiscard]] ipvs::Settings ipvs_settings(const parser::Config& config, bool checker, bool vrrp);

}  // namespace sustain::daemon
