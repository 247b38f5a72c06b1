#include "core/track_number.hpp"

#include <cerrno>
#include <cstdlib>
#include <limits>
#include <string>

namespace sustain::core {

std::optional<std::int32_t> parse_track_number(std::string_view text) {
    const std::string copy(text.substr(0, kTrackNumberText));  // strtoll() wants a NUL at the end
    errno = 0;
    const long long number = std::strtoll(copy.c_str(), nullptr, 0);
    if (errno == ERANGE || number < std::numeric_limits<std::int32_t>::min() ||
        number > std::numeric_limits<std::int32_t>::max()) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(number);
}

}  // namespace sustain::core
