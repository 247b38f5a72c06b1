// The states of a virtual router.
#pragma once

#include <cstdint>

namespace sustain::vrrp {

/// Numbers are those of the state exports (spec/vrrp.md section 3).
enum class State : std::uint8_t { init = 0, backup = 1, master = 2, fault = 3 };

}  // namespace sustain::vrrp
