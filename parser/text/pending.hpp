// Texts that come before the next line of a file: the rounds of repetitions and the further lines of parameters that
// have several (sources 2 and 3 of spec/syntax.md 4.1). Made one at a time, the innermost first.
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "parser/columns.hpp"
#include "parser/text/repetition.hpp"

namespace sustain::parser {

class PendingTexts {
public:
    /// All that repetitions and parameters can make, and how deep they can be in each other.
    static constexpr std::uint64_t kMaxTexts = 4'000'000;
    static constexpr std::size_t kMaxDepth = 1000;

    /// Keeps references to both.
    PendingTexts(Parameters& parameters, Expansions& expansions) : parameters_(parameters), expansions_(expansions) {}

    /// How many more texts there can be.
    [[nodiscard]] std::uint64_t left() const { return kMaxTexts - made_; }
    [[nodiscard]] std::size_t depth() const { return pending_.size(); }

    /// The text is to be repeated; the repetition was written there.
    void repeat(Repetition repetition, KeptText text, Columns columns, Expansions::Written written);
    /// Lines of a parameter that is referred to there.
    void insert(std::shared_ptr<const MoreLines> lines, const Columns::Origin& reference);

    void clear() { pending_.clear(); }

    /// The next text and where its bytes come from. False: there is none, or there can be no more.
    bool next(KeptText& text, Columns& columns);

private:
    struct Rounds {
        Repetition repetition;
        KeptText text;
        Columns columns;
        Expansions::Written written;
        std::uint64_t next = 0;
    };
    struct Lines {
        std::shared_ptr<const MoreLines> lines;
        Columns::Origin reference;
        std::size_t next = 0;
    };
    bool next(Rounds& rounds, KeptText& text, Columns& columns);
    bool next(Lines& lines, KeptText& text, Columns& columns);

    Parameters& parameters_;
    Expansions& expansions_;
    std::vector<std::variant<Rounds, Lines>> pending_;
    std::uint64_t made_ = 0;
};

}  // namespace sustain::parser
