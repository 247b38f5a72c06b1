// What is known of checks before the checker child has looked: the parent programs IPVS first, and a real server whose
// file says that it is out of service must not get a single connection (spec/lvs.md 4.2).
#pragma once

#include "checker/config.hpp"
#include "ipvs/config.hpp"

namespace sustain::daemon {

/// The virtual servers, with what the files of their FILE_CHECKs say now; each file is read once. A number that does
/// not fit says nothing.
[[nodiscard]] ipvs::Config with_first_findings(ipvs::Config config, const checker::Config& checks);

}  // namespace sustain::daemon
