// Conditions: `@ID text` and `@^ID text` (spec/syntax.md section 9).
#pragma once

#include <string_view>

namespace sustain::parser {

/// What is left of a text that begins with '@'; empty if it does not count with this configuration id. Points into the
/// text.
[[nodiscard]] std::string_view apply_condition(std::string_view text, std::string_view config_id);

}  // namespace sustain::parser
