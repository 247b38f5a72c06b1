// Comments and trimming of one physical line (spec/syntax.md section 3).
#pragma once

#include <string>
#include <string_view>

#include "parser/columns.hpp"

namespace sustain::parser {

struct Stripped {
    std::string_view text;      ///< in the line, or in the buffer if it had to be changed
    std::size_t later = 0;      ///< so much of the text is left when comments are removed once more (section 3.3)
    bool changed = false;       ///< the text is in the buffer; the columns say where its bytes were
    bool quotes = false;        ///< the text may have a '"'
    bool braces = false;        ///< … a '{' or '}'
    bool dollars = false;       ///< … a '$'
    bool unterminated = false;  ///< a '"' without partner
};

/// Line: a physical line without its line end.
[[nodiscard]] Stripped strip_comment(std::string_view line, std::string& buffer, Columns& columns);

}  // namespace sustain::parser
