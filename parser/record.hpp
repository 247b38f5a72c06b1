// What was written, statement by statement, with what became of it: kept only where --explain wants it, and turned into
// text again by explain().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "parser/diagnostic.hpp"

namespace sustain::parser {

struct Keyword;
struct Statement;

/// A statement, an entry line, or a block with all that is in it.
struct Written {
    enum class Use : std::uint8_t {
        counts,
        faulty,  ///< there is a diagnostic about it, and it does nothing
    };
    const Keyword* keyword = nullptr;  ///< null: an entry line
    std::string arguments;  ///< what follows the keyword, as one would write it again; an entry line: all of it
    Location location;
    Use use = Use::counts;
    std::string remark;  ///< why it is not what was written; empty: it is
    std::vector<Written> inside;
};

/// What a check made of a keyword.
struct Adjustment {
    std::string keyword;
    std::string value;  ///< as Context::adjusted() takes it
    std::string why;
};

class Record {
public:
    Record() : open_(1) {}

    /// Something read completely. Faults: how many things are wrong with it that keep it from counting.
    void add(const Statement& statement, bool entry, std::size_t faults);
    /// A block begins; what is added goes into it until it is closed.
    void open(const Statement& statement);
    void close();
    /// The word of the statement in work stands for something else than is written there: this value.
    void counts_as(std::size_t word, std::string value) { replaced_.emplace_back(word, std::move(value)); }

    // Blocks are known by the place of their first line.
    void adjust(const Location& block, Adjustment adjustment);
    void leave_out(const Location& block, std::string_view why);

    /// The top level.
    [[nodiscard]] const std::vector<Written>& written() const { return open_.front().inside; }
    /// In the order in which they were made.
    [[nodiscard]] const std::vector<Adjustment>& adjustments(const Written& block) const;
    /// Why the block does not count; empty: it does.
    [[nodiscard]] std::string_view left_out(const Written& block) const;

private:
    [[nodiscard]] Written make(const Statement& statement, bool entry, std::size_t faults);

    std::vector<Written> open_;  ///< the blocks around the current line; the first one is the top level
    std::vector<std::pair<std::size_t, std::string>> replaced_;
    std::unordered_map<std::uint32_t, std::vector<Adjustment>> adjustments_;  ///< by Location::sequence
    std::unordered_map<std::uint32_t, std::string> left_out_;
};

}  // namespace sustain::parser
