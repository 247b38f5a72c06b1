// The scripts that are told of an instance's or a sync group's changes, by number in vrrp::Config::scripts.
#pragma once

#include "core/command.hpp"

namespace sustain::vrrp {

struct NotifyScripts {
    core::CommandNumber backup = core::kNoCommand;
    core::CommandNumber master = core::kNoCommand;
    core::CommandNumber fault = core::kNoCommand;
    core::CommandNumber stop = core::kNoCommand;
    core::CommandNumber any = core::kNoCommand;  ///< notify: four arguments are appended

    bool operator==(const NotifyScripts&) const = default;
};

}  // namespace sustain::vrrp
