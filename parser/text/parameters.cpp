#include "parser/text/parameters.hpp"

#include <algorithm>

#include "parser/text/characters.hpp"

namespace sustain::parser {

Parameter& Parameters::define(std::string_view name) {
    auto found = parameters_.find(name);
    if (found == parameters_.end()) {
        found = parameters_.emplace(name, Parameter{}).first;
    }
    found->second.more = nullptr;
    found->second.round = 0;
    return found->second;
}

const Parameter* Parameters::find(std::string_view name) const {
    const auto found = parameters_.find(name);
    return found != parameters_.end() ? &found->second : nullptr;
}

std::optional<Definition> parse_definition(std::string_view text) {
    if (!text.starts_with('$')) {
        return std::nullopt;
    }
    const std::string_view name = name_at(text.substr(1));
    const std::string_view rest = text.substr(1 + name.size());
    if (name.empty() || !rest.starts_with('=')) {
        return std::nullopt;
    }
    return Definition{name, without_blanks(rest.substr(1))};
}

bool remove_continuation(std::string_view& text) {
    if (!text.ends_with('\\')) {
        return false;
    }
    text.remove_suffix(1);
    text = without_final_blanks(text);
    return true;
}

std::optional<Reference> parse_reference(std::string_view text) {
    const bool braced = text.substr(1).starts_with('{');
    const std::size_t begin = braced ? 2 : 1;
    const std::string_view name = name_at(text.substr(begin));
    const std::string_view after = text.substr(begin + name.size());
    if (name.empty()) {
        return std::nullopt;
    }
    if (!braced) {
        const bool ends = after.empty() || is_blank(after.front()) || after.front() == ',' || after.front() == ')';
        return ends ? std::optional(Reference{name, {}, begin + name.size()}) : std::nullopt;
    }
    const auto size = static_cast<std::size_t>(
        std::find_if_not(after.begin(), after.end(), [](char c) { return is_name(c) || is_blank(c); }) - after.begin());
    const bool ends = after.substr(size).starts_with('}') && (size == 0 || !is_blank(after[size - 1]));
    return ends ? std::optional(Reference{name, after.substr(0, size), begin + name.size() + size + 1}) : std::nullopt;
}

}  // namespace sustain::parser
