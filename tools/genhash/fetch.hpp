// Fetches the page for genhash, with the request, the reading and the digest of the checks.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/loop.hpp"
#include "tools/genhash/options.hpp"

namespace sustain::genhash {

struct Fetched {
    std::string digest;    ///< empty: there is none
    std::string failure;   ///< the stage that failed: a line for standard output
    bool no_data = false;  ///< the server closed before its header was complete
};

/// Show: takes what -v shows, piece by piece. Options and what show refers to must outlive the fetch.
[[nodiscard]] core::Awaitable<Fetched> fetch(core::Loop& loop, const Options& options,
                                             std::function<void(std::string_view)> show);

}  // namespace sustain::genhash
