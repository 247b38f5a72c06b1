// What the log says of a Transition: the lines that tools match (spec/outputs.md section 8).
#pragma once

#include <string>
#include <vector>

#include "ipvs/pool.hpp"

namespace sustain::ipvs {

[[nodiscard]] std::vector<std::string> log_lines(const Transition& transition, const Pool& pool);
/// Of the servers that are taken out of the kernel because the daemon stops.
[[nodiscard]] std::vector<std::string> farewell_lines(const Pool& pool);

}  // namespace sustain::ipvs
