#include "parser/excerpt.hpp"

#include <algorithm>
#include <array>

#include "parser/keyword.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kBeforeCaret = 60;
constexpr std::size_t kLongest = 1400;  // more than any line of a file can be

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// How many bytes the printable character at this place has; 0: there is none.
std::size_t character(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    if (byte(0) < 0x80) {
        return byte(0) >= 0x20 && byte(0) != 0x7f ? 1 : 0;
    }
    const std::size_t size = byte(0) >= 0xf5 ? 0 : byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : byte(0) >= 0xc2 ? 2 : 0;
    if (size == 0 || text.size() - at < size) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if (!is_continuation(text[at + i])) {
            return 0;
        }
    }
    const bool control = byte(0) == 0xc2 && byte(1) < 0xa0;
    // overlong forms, surrogates, beyond Unicode
    const bool invalid = (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xed && byte(1) >= 0xa0) ||
                         (byte(0) == 0xf0 && byte(1) < 0x90) || (byte(0) == 0xf4 && byte(1) >= 0x90);
    return control || invalid ? 0 : size;
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// A keyword with a secret behind it, or what may be a slip of one.
bool introduces_secret(std::string_view word) {
    return is_secret(word) || word.starts_with("auth_p") || word.starts_with("passw");
}

/// The name of a parameter whose value is better not shown.
bool may_name_secret(std::string_view name) {
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
    return std::ranges::any_of(std::array{"auth", "hmac", "key", "pass", "pw", "secret"},
                               [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

/// Makes the rest of the text unreadable, but for a number in front: the identity of a key.
void cover(std::string& text, std::size_t at) {
    at = std::min(text.find_first_not_of(" \t", at), text.size());
    const std::size_t digits = std::min(text.find_first_not_of("0123456789", at), text.size());
    if (digits < text.size() && (text[digits] == ' ' || text[digits] == '\t')) {
        at = digits;
    }
    for (; at < text.size(); ++at) {
        if (text[at] != ' ' && text[at] != '\t') {
            text[at] = '*';
        }
    }
}

}  // namespace

Excerpt cut_excerpt(std::string_view line, std::size_t begin, std::size_t size) {
    begin = std::min(begin, line.size());
    const std::size_t end = begin + std::max<std::size_t>(std::min(size, line.size() - begin), 1);
    std::size_t first = std::min(line.find_first_not_of(" \t"), begin);
    Excerpt result;
    std::size_t columns = 0;
    if (begin - first > kBeforeCaret) {
        first = begin - kBeforeCaret;
        while (first < begin && is_continuation(line[first])) {
            ++first;
        }
        result.text = "...";
        columns = 3;
    }
    result.width = 0;
    result.caret = columns;
    std::size_t i = first;
    while (i < line.size() && columns < kColumns) {
        if (i < begin) {
            result.caret = columns + 1;
        } else if (i < end) {
            ++result.width;
        }
        const std::size_t length = character(line, i);
        if (length != 0) {
            result.text += line.substr(i, length);
        } else {
            result.text += line[i] == '\t' ? ' ' : '?';
        }
        i += std::max<std::size_t>(length, 1);
        ++columns;
    }
    if (i < line.size()) {
        result.text += "...";
    }
    result.width = std::max<std::size_t>(result.width, 1);
    return result;
}

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(std::min(text.size(), kLongest));
    std::size_t i = 0;
    while (i < text.size() && result.size() < kLongest) {
        const std::size_t length = character(text, i);
        if (length != 0) {
            result += text.substr(i, length);
        } else {
            result += '?';
        }
        i += std::max<std::size_t>(length, 1);
    }
    if (i < text.size()) {
        result += "...";
    }
    return result;
}

std::string conceal(std::string_view text) {
    std::string result(text);
    std::size_t at = 0;
    while (at < result.size()) {
        std::size_t end = at;
        while (end < result.size() && is_word(result[end])) {
            ++end;
        }
        const std::string_view word(result.data() + at, end - at);
        const bool definition = at > 0 && result[at - 1] == '$' && end < result.size() && result[end] == '=';
        if (definition ? may_name_secret(word) : introduces_secret(word)) {
            cover(result, definition ? end + 1 : end);
            return result;
        }
        at = end + 1;
    }
    return result;
}

}  // namespace sustain::parser
