// Named pipes to which state changes are written, and the programs that read them.
#pragma once

#include <string>

#include "core/command.hpp"

namespace sustain::core {

struct Fifo {
    std::string path;  ///< empty: none
    Account owner;     ///< of a pipe that we make
    Command script;    ///< started with the path as its last argument; unusable: none

    bool operator==(const Fifo&) const = default;
};

struct GlobalFifo : Fifo {};
struct VrrpFifo : Fifo {};
struct LvsFifo : Fifo {};

struct FifoSettings {
    GlobalFifo global;  ///< notify_fifo: events of VRRP and of the checkers
    VrrpFifo vrrp;
    LvsFifo lvs;
    bool write_vrrp_states_on_reload = false;

    bool operator==(const FifoSettings&) const = default;
};

}  // namespace sustain::core
