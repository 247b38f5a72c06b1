// A logical line as an action of a keyword table sees it.
#pragma once

#include <span>
#include <string_view>

#include "parser/ast.hpp"
#include "parser/keyword.hpp"
#include "parser/lines.hpp"

namespace sustain::parser {

struct Statement {
    const Keyword& keyword;
    std::span<const ast::Word> words;  ///< the first one is the keyword; of an entry line: its first word
    const LogicalLine& line;

    [[nodiscard]] std::size_t size() const { return words.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t i) const { return words[i].text; }
    [[nodiscard]] Place place(std::size_t i = 0) const { return line.place({words[i].begin(), words[i].width()}); }
};

}  // namespace sustain::parser
