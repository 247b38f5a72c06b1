// SSL { … }, of which there is one for all SSL_GET checks.
#pragma once

#include "parser/context.hpp"

namespace sustain::parser {

/// A second block replaces the first one, which is reported.
void open_ssl(Context& context, const Statement& statement);

}  // namespace sustain::parser
