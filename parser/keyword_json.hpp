// keepalived --dump-keywords=json: the keyword tables for editors, linters and whoever wants to know the language. The
// fields are described in keepalived(8).
#pragma once

#include <string>

namespace sustain::parser {

/// One JSON object, one keyword a line, in the order of the tables.
[[nodiscard]] std::string keywords_as_json();

}  // namespace sustain::parser
