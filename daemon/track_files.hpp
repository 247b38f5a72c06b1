// The first number of a track_file (init_file): written by the parent before anybody reads the file.
#pragma once

#include <vector>

#include "core/config/track_file.hpp"

namespace sustain::daemon {

/// At the start of the daemon, never at a reload: a file that is missing is made, with `overwrite` one that is there
/// gets the number as well. What cannot be written is logged. A symbolic link in the place of the file is not followed.
void write_first_numbers(const std::vector<core::TrackFile>& files);

}  // namespace sustain::daemon
