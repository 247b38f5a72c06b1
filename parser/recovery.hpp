// What a word that is out of place was probably meant to be: for a reading that goes on after mistakes.
#pragma once

#include <string_view>

#include "parser/keyword.hpp"

namespace sustain::parser {

/// The keyword of the table that hint_for_unknown() asks about; null: none is that likely.
[[nodiscard]] const Keyword* keyword_meant(std::string_view word, const BlockTable& table);

/// Whether a word opens a block at the top level and means nothing anywhere else.
[[nodiscard]] bool only_at_the_top(std::string_view word);

}  // namespace sustain::parser
