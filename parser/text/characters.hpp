// The kinds of characters that texts are taken apart by (spec/syntax.md 2.5 and 10.1).
#pragma once

#include <cstddef>
#include <string_view>

namespace sustain::parser {

/// Within a line; between words more characters are blank.
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
constexpr bool is_brace(char c) {
    return c == '{' || c == '}';
}
constexpr bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_name(char c) {
    return begins_name(c) || (c >= '0' && c <= '9');
}

/// The name at the start of a text; empty if there is none.
constexpr std::string_view name_at(std::string_view text) {
    std::size_t size = 0;
    if (!text.empty() && begins_name(text.front())) {
        while (size < text.size() && is_name(text[size])) {
            ++size;
        }
    }
    return text.substr(0, size);
}

constexpr std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}
constexpr std::string_view without_final_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

}  // namespace sustain::parser
