// Whether the checks have results as often as they can: a check that is not made, or never ends, must not go unnoticed.
// Rules only, no clock.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/config.hpp"
#include "core/time.hpp"

namespace sustain::checker {

/// How long one attempt may take at the longest. A script: until the parent has given it up.
[[nodiscard]] core::Duration longest_attempt(const Check& check);

class Punctuality {
public:
    /// Begins anew, with so many checks of which none is expected to have a result.
    void reset(std::size_t checks);

    /// The next attempt of `number` begins at `when`. True if its result had been overdue, and is there now.
    bool expect(std::uint32_t number, const Check& check, core::TimePoint when);
    /// No result is expected. Returns the same.
    bool excuse(std::uint32_t number);

    /// Checks whose results have become overdue since the last call.
    [[nodiscard]] std::vector<std::uint32_t> newly_overdue(core::TimePoint now);

private:
    bool set(std::uint32_t number, core::TimePoint when);

    std::vector<core::TimePoint> due_;  ///< when the next result has to be there at the latest
    std::vector<bool> overdue_;
};

}  // namespace sustain::checker
