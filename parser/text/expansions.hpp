// Where text comes from that does not stand where it takes effect: the value of a parameter, a line of a parameter of
// several lines, a round of a repetition. A Location names the place of use and one of these; the chain behind it leads
// to all the places where the text was written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parser/diagnostic.hpp"

namespace sustain::parser {

class Expansions {
public:
    /// Of a place where text was written that is used elsewhere.
    using Written = std::uint32_t;

    [[nodiscard]] Written write(const Location& place);
    /// Text written there is inserted into text of the outer expansion. Once there are too many to be kept: the outer.
    [[nodiscard]] ExpansionNumber insert(ExpansionNumber outer, Written written);
    /// The same of a round of a repetition, with what its variables are ("I=1, J=2").
    [[nodiscard]] ExpansionNumber repeat(ExpansionNumber outer, Written written, std::string_view values);

    /// Whether the one is the other, or in it.
    [[nodiscard]] bool inside(ExpansionNumber inner, ExpansionNumber outer) const;
    /// Where the text of an expansion, that there is, was written.
    [[nodiscard]] Written written(ExpansionNumber number) const { return inserted_[number - 1].written; }

    struct Step {
        Location written;
        std::string values;  ///< of a repetition's variables; empty: a parameter
    };
    /// From the innermost to the outermost; rounds of repetitions of one line are one step.
    [[nodiscard]] std::vector<Step> chain(ExpansionNumber number) const;

private:
    static constexpr std::size_t kMaxKept = 4'000'000;
    static constexpr std::size_t kMaxRoundsNamed = 300'000;

    struct Inserted {
        ExpansionNumber outer;
        Written written;
        std::uint32_t values;  ///< number + 1
    };
    std::vector<Location> written_;
    std::vector<Inserted> inserted_;
    std::vector<std::string> values_;
};

}  // namespace sustain::parser
