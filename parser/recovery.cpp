// How the interpreter goes on after a mistake when it reads for people (examine() in parser/loader.hpp): as the text
// was meant, so that one mistake is one diagnostic and what follows is still checked. keepalived itself loses its way:
// an unknown keyword's `}` ends the enclosing block, and what follows is read one level too high (spec/syntax.md 6.2).
#include <fmt/format.h>

#include "parser/interpreter.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/recovery.hpp"

namespace sustain::parser {

/// After an unknown keyword: it was probably another one. Or else its block, if there is one, is skipped.
void Interpreter::go_on(const LogicalLine& line, const BlockTable& keywords) {
    // Guessing is dear, and for nobody when there are more errors than are said.
    const Keyword* const meant =
        context_.report.keeps(Severity::error) ? keyword_meant(ast_.words.front().text, keywords) : nullptr;
    if (meant == nullptr) {
        refused_ = true;
        return;
    }
    const std::size_t depth = levels_.size();
    act({*meant, ast_.words, line});
    if (levels_.size() > depth) {
        levels_.back().guessed = true;
    }
}

/// Before a keyword that only stands at the top: a `}` is missing.
bool Interpreter::end_unclosed(const LogicalLine& line) {
    const ast::Word& word = ast_.words.front();
    if (levels_.empty() || !only_at_the_top(word.text)) {
        return false;
    }
    const Level& open = levels_.back();
    context_.report.error(
        Rank::missing_close, context_.prefix, line.place({word.begin(), word.width()}),
        fmt::format("Missing '}}' before {}", word.text),
        fmt::format("the block {} that begins in line {} is still open", open.keyword->name, open.place.location.line));
    close_all();
    ended_unclosed_ = true;
    return true;
}

/// Whether an unknown keyword at the top belongs to the block that ended just before: a `}` there was one too many.
/// What else the block should hold is passed over, up to its true end; it has been said.
bool Interpreter::orphan(const LogicalLine& line) {
    const ast::Word& word = ast_.words.front();
    if (last_closed_ == nullptr || last_closed_->kind != Kind::block ||
        last_closed_->table().find(word.text) == nullptr) {
        return false;
    }
    refused_ = true;
    if (!std::exchange(orphans_, true)) {
        context_.report.error(Rank::unknown_keyword, context_.prefix, line.place({word.begin(), word.width()}),
                              fmt::format("Unknown keyword '{}'", word.text),
                              fmt::format("{} belongs in {}, which the }} in line {} has ended", word.text,
                                          last_closed_->name, last_close_.line));
    }
    return true;
}

/// Whether a `}` belongs to a `{` that opened nothing.
bool Interpreter::end_stray() {
    if (strays() == 0) {
        return false;
    }
    --strays();
    return true;
}

/// A `}` at the top.
void Interpreter::extra_close(const LogicalLine& line) {
    if (!end_stray() && !std::exchange(orphans_, false)) {
        const Place place = line.place(line.text);
        context_.report.error(Rank::unexpected_close, context_.prefix, place, "Extra '}' found");
        extra_.push_back(place.location);
    }
}

/// How many `}` are missing at the end. Counted: as keepalived counts.
std::size_t Interpreter::unclosed(std::size_t counted) const {
    std::size_t open = strays_ + skipping_ + levels_.size();
    for (const Level& level : levels_) {
        open += level.strays;
    }
    return open == 0 && !ended_unclosed_ ? counted : open;  // a brace that keepalived's later passes do not see
}

}  // namespace sustain::parser
