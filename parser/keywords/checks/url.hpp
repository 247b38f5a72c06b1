// url { … } in HTTP_GET and SSL_GET: a page, and what it must be like.
#pragma once

#include "parser/context.hpp"

namespace sustain::parser {

/// Checks the open url and gives it to the open check; without a path it goes.
void close_url(Context& context, const Statement& statement);

}  // namespace sustain::parser
