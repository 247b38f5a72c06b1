// The value of umask: a number, or names of bits (spec/syntax.md 14.5).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "parser/ast.hpp"

namespace sustain::parser {

struct UmaskText {
    std::optional<unsigned> bits;  ///< 0 to 0777; no value: see below
    std::string complaint;
    std::size_t word = 0;  ///< that the complaint is about
};

/// All words of the line but the keyword; there is at least one.
[[nodiscard]] UmaskText read_umask(std::span<const ast::Word> words);

}  // namespace sustain::parser
