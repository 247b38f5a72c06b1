// Checks that would do the same at the same pace, for several virtual servers in front of one real server: they are
// made once, and each takes the result as its own. To the real server it is one check; verdicts, log lines and weights
// are those of each.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "checker/config.hpp"
#include "checker/verdict.hpp"

namespace sustain::checker {

/// Ends the list of those that share.
constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

struct Sharing {
    /// By check number: the next check that shares its attempts, or kNobody.
    std::vector<std::uint32_t> next;
    /// The checks at the beginning of such a list, alone or not: those that are scheduled.
    std::vector<std::uint32_t> leaders;
};

/// Two checks share if they have the same kind, destination, source and options, the same delays and retries, and stand
/// where the other stands: then they go on alike for ever. Scripts are never shared, they may count, nor is what may be
/// suspended. Checks that have no timetable are in no list. Takes linear time.
[[nodiscard]] Sharing share(const Config& config, const std::vector<Verdict>& verdicts);

}  // namespace sustain::checker
