// Reads a configuration for people, who want to hear of each mistake once and of all of them.
#pragma once

#include "parser/loader.hpp"

namespace sustain::parser {

/// One unknown keyword with a block, or one stray brace, makes keepalived read the rest of the enclosing block at the
/// wrong level (spec/syntax.md 6.2). The verdict, the configuration and its explanation are those of load(), which does
/// the same; but then the diagnostics are those of a second reading that goes on as it was meant.
[[nodiscard]] Outcome examine(Options options, const Environment& environment);

}  // namespace sustain::parser
