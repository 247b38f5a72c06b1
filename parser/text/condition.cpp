#include "parser/text/condition.hpp"

#include <algorithm>

#include "parser/text/characters.hpp"

namespace sustain::parser {

std::string_view apply_condition(std::string_view text, std::string_view config_id) {
    text.remove_prefix(1);
    const bool negated = text.starts_with('^');
    if (negated) {
        text.remove_prefix(1);
    }
    const auto size = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin());
    const bool same = text.substr(0, size) == config_id;
    return same != negated ? without_blanks(text.substr(size)) : text.substr(text.size());
}

}  // namespace sustain::parser
