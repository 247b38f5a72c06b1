// What the configuration says about VRRP, as the engine reads it: plain values, defaults filled in.
#pragma once

#include <vector>

#include "vrrp/config/instance.hpp"

namespace sustain::vrrp {

struct Config {
    std::vector<Instance> instances;
    bool dynamic_interfaces = false;  ///< of global_defs: an interface may be absent at start
};

}  // namespace sustain::vrrp
