// How long to wait before a child that died is started again (spec/cli.md section 14): at once after the first death,
// then 1, 2, 4 … up to 60 seconds; a child that lived a minute starts the count anew.
#pragma once

#include "core/time.hpp"

namespace sustain::daemon {

class RespawnDelay {
public:
    /// To be called for each death, with how long the child lived.
    [[nodiscard]] core::Duration after(core::Duration lived);

private:
    core::Duration next_{0};
};

}  // namespace sustain::daemon
