// What a reload cannot change: only a start can.
#pragma once

#include <string_view>

#include "core/config.hpp"

namespace sustain::daemon {

/// The keyword of the first setting that differs although it needs a restart; empty if there is none.
[[nodiscard]] std::string_view changed_fixed_setting(const core::GlobalConfig& before, const core::GlobalConfig& after);

}  // namespace sustain::daemon
