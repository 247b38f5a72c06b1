// A text that is to be repeated with other values for its variables each time: what ~SEQ and ~LST have in common.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "parser/text/list.hpp"
#include "parser/text/parameters.hpp"
#include "parser/text/sequence.hpp"

namespace sustain::parser {

using Repetition = std::variant<Sequence, List>;

[[nodiscard]] std::uint64_t rounds(const Repetition& repetition);

/// The variables and their values in a round, from 0: "I=1, J=2".
[[nodiscard]] std::string describe(const Repetition& repetition, std::uint64_t round);

/// Defines the variables for a round that was written there.
void define_variables(const Repetition& repetition, std::uint64_t round, ExpansionNumber expansion,
                      Expansions::Written written, Parameters& parameters);

}  // namespace sustain::parser
