// One thing to say about a configuration: what is wrong, where, and what would be right. Printed, it starts with the
// line that keepalived prints, so that tools which read that line go on working; below it stand the class, the
// offending line with a caret, and a hint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sustain::parser {

/// Of a text that was inserted or repeated, see Expansions; 0: it stands where it takes effect.
using ExpansionNumber = std::uint32_t;

/// A place in the text of the configuration.
struct Location {
    std::uint32_t file = 0;      ///< number of the opened file; see Sources
    std::uint32_t line = 0;      ///< physical line, from 1; 0: no place, a matter of the file or of the whole
    std::uint32_t column = 0;    ///< byte, from 1
    std::uint32_t sequence = 0;  ///< orders places as they were read, across files
    std::uint32_t offset = 0;    ///< of the physical line in its file
    ExpansionNumber expansion = 0;

    bool operator==(const Location&) const = default;
    [[nodiscard]] bool same_line(const Location& other) const { return file == other.file && offset == other.offset; }
};

/// The error classes of spec/syntax.md 16.1, by rank: the highest one seen makes the exit status of a test.
enum class Rank : std::uint8_t {
    none = 0,  ///< no error: does not change the exit status
    file = 1,
    interface = 2,
    fatal = 3,
    several_files = 4,
    unknown_keyword = 5,
    unexpected_open = 6,
    missing_open = 7,
    unexpected_close = 8,
    missing_close = 9,
    unmatched_quote = 10,
    missing_parameter = 11,
    number = 12,
    general = 13,
    warning = 14,
    deprecated = 15,
    security = 16,
};

/// "unknown keyword", "number out of order", …: a few words for people.
[[nodiscard]] std::string_view to_string(Rank rank);

/// What kind of mistake it is, for people and for -t --environment=ignore.
enum class Class : std::uint8_t {
    syntax,       ///< braces, quotes, unknown keywords, missing words
    meaning,      ///< readable, but not sensible
    environment,  ///< an interface, file or user that this machine lacks
};

/// The class of a problem of this rank, unless it is known better.
[[nodiscard]] Class class_of(Rank rank);
[[nodiscard]] std::string_view to_string(Class kind);

/// How much keepalived's own line says about the place (spec/syntax.md 16.2).
enum class Prefix : std::uint8_t { none, line, file_line };

enum class Severity : std::uint8_t {
    error,    ///< makes a test fail
    warning,  ///< worth knowing, the test passes: what is not supported yet, include files that are not there
    notice,   ///< for the daemon's log; a test does not show it
};

struct Diagnostic {
    Severity severity = Severity::error;
    Rank rank = Rank::general;
    Class kind = Class::meaning;
    Prefix prefix = Prefix::file_line;
    Location location;
    std::string file;       ///< as the pattern matched it
    std::string message;    ///< without prefix
    std::string hint;       ///< empty: none
    std::string excerpt;    ///< the offending line, safe to print, cut around the caret
    std::size_t caret = 0;  ///< where in the excerpt, from 0
    std::size_t width = 1;  ///< of the offending word in the excerpt
    /// How the text came there: "defined at FILE:LINE:COLUMN", …, one a line.
    std::vector<std::string> origins = {};
};

/// The line that keepalived prints: "(FILE: Line N) TEXT".
[[nodiscard]] std::string headline(const Diagnostic& diagnostic);

/// Several lines, without a final line feed: the headline, then our own. Colour: for a terminal.
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic, bool colour = false);

}  // namespace sustain::parser
