// Signals as something to await, through a signalfd. (Asio's own signal_set keeps state that a forked child would
// share with its parent.)
#pragma once

#include <initializer_list>

#include "core/loop.hpp"
#include "core/unique_fd.hpp"

namespace sustain::core {

class Signals {
public:
    /// Blocks `numbers` for the process and receives them here. Throws std::system_error where the kernel refuses.
    Signals(Loop& loop, std::initializer_list<int> numbers);

    /// The next signal. Cancelled by the destructor.
    [[nodiscard]] Awaitable<int> next();

private:
    asio::posix::stream_descriptor descriptor_;
};

/// Lets what arrives from now on wait for the Signals that will receive it.
void hold_signals(std::initializer_list<int> numbers);

/// What every process of the daemon does first: all signals that nobody handles are ignored, but for those of errors.
/// (Tools send SIGUSR1, SIGUSR2, SIGRTMIN + 2 and SIGRTMAX - 1 for dumps: the latter two end a program by default.)
void ignore_unhandled_signals();

}  // namespace sustain::core
