// The names of files: wildcards and brace alternatives of -f and include lines (spec/syntax.md 8.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sustain::parser {

struct Matches {
    std::vector<std::string> names;    ///< in reading order, relative if the pattern is; directories end in '/'
    bool wildcard = false;             ///< the pattern has one
    bool braces = false;               ///< the pattern has alternatives
    bool alternative_missing = false;  ///< at least one alternative names nothing that exists
    bool directory_missing = false;    ///< a wildcard pattern whose directory does not exist
};

/// The alternatives of `{a,b}` (nested, empty ones too) in written order; a pattern without braces is its only
/// alternative. Nothing if there are absurdly many.
[[nodiscard]] std::optional<std::vector<std::string>> alternatives(std::string_view pattern);

/// What exists for a pattern; relative patterns are taken from the directory ("/"-terminated, empty: the current
/// one). Within one wildcard in byte order.
[[nodiscard]] Matches match(std::string_view pattern, const std::string& directory);

}  // namespace sustain::parser
