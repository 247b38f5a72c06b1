// Text of a configuration file made fit for a terminal or a log: one line, valid UTF-8, no control characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sustain::parser {

/// A line cut around a word, with the columns to mark.
struct Excerpt {
    std::string text;
    std::size_t caret = 0;  ///< column of the word in the text, from 0
    std::size_t width = 1;  ///< columns of the word that are in the text, at least 1
};

/// Line: without its line feed. The word begins at this byte and has so many.
[[nodiscard]] Excerpt cut_excerpt(std::string_view line, std::size_t begin, std::size_t size);

/// The text with what follows a keyword for a secret (or a word like it, or the definition of a parameter that may be
/// one) made unreadable, and as long as before.
[[nodiscard]] std::string conceal(std::string_view text);

/// The text with a '?' for each byte that cannot be shown; what is absurdly long is cut.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sustain::parser
