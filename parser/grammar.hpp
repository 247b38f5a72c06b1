// The grammar of a logical line (spec/syntax.md section 5 and 21.1).
#pragma once

#include <string_view>

#include "parser/ast.hpp"

namespace sustain::parser {

/// Splits a logical line into words; braces count only if they are all of the line. Never fails: what has no sense is
/// in the result. The words point into the text.
void parse_line(std::string_view text, ast::Line& line);

}  // namespace sustain::parser
