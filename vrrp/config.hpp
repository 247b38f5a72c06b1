// What the configuration says about VRRP, as the engine reads it: plain values, defaults filled in.
#pragma once

#include <vector>

#include "core/command.hpp"

#include "vrrp/config/defaults.hpp"
#include "vrrp/config/instance.hpp"

namespace sustain::vrrp {

struct Config {
    std::vector<Instance> instances;  ///< with what they inherit filled in
    Defaults defaults;
    bool dynamic_interfaces = false;     ///< of global_defs: an interface may be absent at start
    std::vector<core::Command> scripts;  ///< notify scripts of instances and sync groups
};

}  // namespace sustain::vrrp
