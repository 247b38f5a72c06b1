// How many connections may be in flight: each takes a file descriptor.
#pragma once

#include <cstddef>

namespace sustain::checker {

/// Raises this process's limit of open files as far as the kernel lets it (before capabilities are dropped: beyond
/// fs.nr_open never, beyond the hard limit only with CAP_SYS_RESOURCE) and returns it.
std::size_t raise_descriptor_limit();

}  // namespace sustain::checker
