// What track_… lines say, and the objects that they may name: those defined before the line
// (spec/semantic-checks-core.md 3).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parser/draft/current.hpp"
#include "parser/report.hpp"
#include "vrrp/config/tracker.hpp"

namespace sustain::parser {

struct TrackerDraft {
    vrrp::Tracker tracker;
    Place place;              ///< of the name
    bool from_group = false;  ///< of the sync group, added after the last line; not a line of the instance
};

/// What counts where a track_… line does not say it.
struct TrackDefaults {
    std::int32_t weight = 0;
    bool reverse = false;
};

struct TrackDrafts {
    /// By kind: the first definition of each name counts.
    std::array<std::unordered_map<std::string, TrackDefaults>, vrrp::kTrackedKinds> trackable;
    /// Finds what is tracked twice by the object whose block is open: kind and name.
    std::unordered_set<std::string> tracked;
};

}  // namespace sustain::parser
