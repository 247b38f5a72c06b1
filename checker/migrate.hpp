// What a reload means for the verdicts: a check that stays itself keeps what is known of it (spec/lvs.md 11.3).
#pragma once

#include <vector>

#include "checker/config.hpp"
#include "checker/verdict.hpp"

namespace sustain::checker {

/// The verdicts with which the checks of `after` begin, given those of `before` (one for each of its checks). A check
/// has a predecessor if the same real server of the same virtual server had one of equal identity. Takes linear time.
[[nodiscard]] std::vector<Verdict> migrate(const Config& before, const std::vector<Verdict>& verdicts,
                                           const Config& after);

}  // namespace sustain::checker
