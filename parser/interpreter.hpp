// Reads logical lines against the keyword tables: which block is open, which keyword may stand there, what an error
// makes of the rest (spec/syntax.md section 6). What keepalived finds out in four passes is found in one; the verdict
// is the same (section 1.2).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "parser/ast.hpp"
#include "parser/context.hpp"

namespace sustain::parser {

class Interpreter {
public:
    /// Recover: goes on after a mistake as it was meant, see examine(). The verdict is another one then.
    Interpreter(Context& context, bool keep_text, bool recover)
        : context_(context), keep_text_(keep_text), recover_(recover) {}

    void interpret(const LogicalLine& line);
    /// After the last line: open blocks end as if they had been closed. Open braces: how many `}` are missing.
    void finish(std::size_t open_braces);

    /// When recovering: the `}` that really are too many.
    [[nodiscard]] const std::vector<Location>& extra_braces() const { return extra_; }

    [[nodiscard]] std::string take_vrrp_text() { return std::move(vrrp_text_); }
    [[nodiscard]] std::string take_checker_text() { return std::move(checker_text_); }

private:
    /// An open block.
    struct Level {
        const Keyword* keyword = nullptr;
        Place place;  ///< of its keyword
        bool expect_open = true;
        bool has_entries = false;
        bool guessed = false;    ///< the keyword was mistyped: without a `{` there is no block
        std::size_t strays = 0;  ///< `{` that opened nothing and whose `}` is still to come
    };

    void split(const LogicalLine& line, std::string_view text);
    void skip(const LogicalLine& line);
    void keep(const LogicalLine& line);
    void entry(const LogicalLine& line);
    void open_or_close(const LogicalLine& line);
    void statement(const LogicalLine& line);
    void unknown(const LogicalLine& line, const BlockTable& table);
    void act(const Statement& statement);
    void open(const Statement& statement);
    void close(const LogicalLine& line);
    /// As if each open block had its `}` where it begins.
    void close_all();
    /// Adds to the record, if there is one. Before: report.faults() before the statement was interpreted.
    void note(const Statement& statement, bool entry, std::size_t before);
    void unmatched_quote(const LogicalLine& line, const char* quote);
    // When recovering
    void go_on(const LogicalLine& line, const BlockTable& table);
    bool end_unclosed(const LogicalLine& line);
    bool orphan(const LogicalLine& line);
    bool end_stray();
    void extra_close(const LogicalLine& line);
    [[nodiscard]] std::size_t& strays() { return levels_.empty() ? strays_ : levels_.back().strays; }
    [[nodiscard]] std::size_t unclosed(std::size_t counted) const;

    [[nodiscard]] bool complete(const Statement& statement);
    [[nodiscard]] const BlockTable& table() const;

    Context& context_;
    bool keep_text_;
    bool recover_;
    ast::Line ast_;
    std::vector<Level> levels_;
    bool refused_ = false;  ///< a block was refused, its `{` is still to come
    Location last_;         ///< of the line read last
    /// About words that were unknown in a block: they may come a million times. As many as there are diagnostics.
    std::map<std::pair<const BlockTable*, std::string>, std::string> hints_;
    std::size_t strays_ = 0;  ///< as in a level, at the top
    bool ended_unclosed_ = false;
    std::vector<Location> extra_;
    const Keyword* last_closed_ = nullptr;  ///< the block at the top that ended last
    Location last_close_;                   ///< of its `}`
    bool orphans_ = false;                  ///< what it should still hold follows after its `}`, which has been said
    Location skipped_from_;                 ///< its `{`
    std::size_t skipping_ = 0;              ///< depth inside a block that is skipped; 0: not skipping
    std::string vrrp_text_;
    std::string checker_text_;
};

}  // namespace sustain::parser
