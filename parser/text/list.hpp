// ~LST({NAME, NAME}, {VALUE, VALUE}, …): a text once for each set of values (spec/syntax.md section 13).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sustain::parser {

/// Never empty. What is missing from a set is empty.
struct List {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> sets;
};

struct ParsedList {
    List list;
    std::string_view text;  ///< to be repeated
};

/// A text that begins with "~LST". The error is a message without the text.
[[nodiscard]] std::expected<ParsedList, std::string_view> parse_list(std::string_view text);

}  // namespace sustain::parser
