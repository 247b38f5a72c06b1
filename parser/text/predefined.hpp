// The predefined parameters: ${_PWD}, ${_INSTANCE}, ${_RANDOM MIN MAX}, ${_ENV NAME}, ${_HASH}, ${_BANG}
// (spec/syntax.md 10.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parser/text/parameters.hpp"
#include "parser/text/settings.hpp"

namespace sustain::parser {

/// What a reference to one of them depends on.
struct Surroundings {
    std::string_view directory;  ///< of the file that is being read, "/"-terminated or empty
    std::string_view config_id;
    Random& random;
};

struct PredefinedValue {
    std::optional<std::string> value;  ///< none: the reference stays as it is
    std::string problem;               ///< to be reported as an error; empty: none
};

[[nodiscard]] PredefinedValue predefined(const Reference& reference, const Surroundings& surroundings);

}  // namespace sustain::parser
