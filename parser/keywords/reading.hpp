// The statements of global_defs that change how the text behind them is read.
#pragma once

#include "parser/context.hpp"

namespace sustain::parser {

/// include_check [+|-]read|match|wildcard_match|brace_match …
void set_include_check(Context& context, const Statement& statement);

/// random_seed NUMBER: ${_RANDOM} gives the same values from there on, each time the configuration is read. (keepalived
/// accepts it, but its generator has started by then.)
void set_random_seed(Context& context, const Statement& statement);

}  // namespace sustain::parser
