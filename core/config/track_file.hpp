// A file whose number steers priorities and weights (track_file), of VRRP and of real servers alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sustain::core {

struct TrackFile {
    std::string name;
    std::string path;
    std::int32_t weight = 1;  ///< times the number in the file
    bool reverse = false;
    bool overwrite = false;            ///< the file gets its first number even if it has one
    std::optional<std::int32_t> init;  ///< written at start

    bool operator==(const TrackFile&) const = default;
};

}  // namespace sustain::core
