// Reads logical lines against the keyword tables: which block is open, which keyword may stand there, what an error
// makes of the rest (spec/syntax.md section 6). What keepalived finds out in four passes is found in one; the verdict
// is the same (section 1.2).
#pragma once

#include <string>
#include <vector>

#include "parser/ast.hpp"
#include "parser/context.hpp"

namespace sustain::parser {

class Interpreter {
public:
    Interpreter(Context& context, bool keep_text) : context_(context), keep_text_(keep_text) {}

    void interpret(const LogicalLine& line);
    /// After the last line: open blocks end as if they had been closed. Open braces: how many `}` are missing.
    void finish(std::size_t open_braces);

    [[nodiscard]] std::string take_vrrp_text() { return std::move(vrrp_text_); }
    [[nodiscard]] std::string take_checker_text() { return std::move(checker_text_); }

private:
    /// An open block.
    struct Level {
        const Keyword* keyword = nullptr;
        Place place;  ///< of its keyword
        bool expect_open = true;
        bool has_entries = false;
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
    /// Adds to the record, if there is one. Before: report.faults() before the statement was interpreted.
    void note(const Statement& statement, bool entry, std::size_t before);
    void unmatched_quote(const LogicalLine& line, const char* quote);
    [[nodiscard]] bool complete(const Statement& statement);
    [[nodiscard]] const BlockTable& table() const;

    Context& context_;
    bool keep_text_;
    ast::Line ast_;
    std::vector<Level> levels_;
    bool refused_ = false;      ///< a block was refused, its `{` is still to come
    Location last_;             ///< of the line read last
    std::size_t skipping_ = 0;  ///< depth inside a block that is skipped; 0: not skipping
    std::string vrrp_text_;
    std::string checker_text_;
};

}  // namespace sustain::parser
