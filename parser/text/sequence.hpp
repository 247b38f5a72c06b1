// ~SEQ(NAME, START, STEP, END): a text once for each number (spec/syntax.md section 12).
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sustain::parser {

/// A count of numbers that starts somewhere. Never empty.
struct Sequence {
    std::string name;
    std::int64_t start = 0;
    std::int64_t step = 0;
    std::uint64_t size = 0;  ///< what is beyond 64 bit is as much as can be
    bool hexadecimal = false;

    /// The value in this round, from 0: as it is inserted.
    [[nodiscard]] std::string value(std::uint64_t round) const;
};

struct ParsedSequence {
    Sequence sequence;
    std::string_view text;  ///< to be repeated
};

/// Replaces the references in the numbers; none: that is not possible.
using ReplaceReferences = std::function<std::optional<std::string>(std::string_view)>;

/// A text that begins with "~SEQ". The error is a message without the text.
[[nodiscard]] std::expected<ParsedSequence, std::string_view> parse_sequence(std::string_view text,
                                                                             const ReplaceReferences& replace);

}  // namespace sustain::parser
