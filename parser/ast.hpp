// What the grammar makes of a logical line: words that point into the text of the line.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sustain::parser::ast {

struct Word {
    std::string_view text;  ///< without its quotes
    bool quoted = false;

    /// Where it begins in the line, the opening quote included.
    [[nodiscard]] const char* begin() const { return text.data() - (quoted ? 1 : 0); }
    [[nodiscard]] std::size_t width() const { return text.size() + (quoted ? 2 : 0); }
};

enum class Shape : std::uint8_t {
    open,       ///< `{`
    close,      ///< `}`
    statement,  ///< words
};

/// One logical line. Reused from line to line, so that reading a line allocates nothing.
struct Line {
    Shape shape = Shape::statement;
    std::vector<Word> words;
    /// Where a double quote without partner stands: the words end before it. Null: none.
    const char* unmatched_quote = nullptr;
};

}  // namespace sustain::parser::ast
