#include "parser/interpreter.hpp"

#include <fmt/format.h>

#include "parser/excerpt.hpp"
#include "parser/grammar.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

const BlockTable& Interpreter::table() const {
    return levels_.empty() ? top_level_table() : levels_.back().keyword->table();
}

void Interpreter::interpret(const LogicalLine& line) {
    last_ = line.location;
    if (!levels_.empty() && levels_.back().guessed && levels_.back().expect_open && line.text != "{") {
        levels_.pop_back();
    }
    const bool inside = !levels_.empty() || refused_ || skipping_ != 0;
    std::string_view text = line.text;
    if (inside && context_.owner != Owner::global) {
        text = text.substr(0, line.later);
        if (text.empty()) {
            return;
        }
    }
    if (skipping_ != 0 || (refused_ && line.text == "{")) {
        keep(line);
        skip(line);
        return;
    }
    refused_ = false;
    split(line, text);
    if (levels_.empty()) {
        statement(line);
        return;
    }
    keep(line);
    if (levels_.back().keyword->kind == Kind::lines || levels_.back().keyword->kind == Kind::words) {
        entry(line);
    } else {
        open_or_close(line);
    }
}

/// Counts the depth of a block that is skipped (6.2 step 2).
void Interpreter::skip(const LogicalLine& line) {
    if (line.text == "{") {
        skipped_from_ = refused_ ? line.location : skipped_from_;
        refused_ = false;
        ++skipping_;
    } else if (line.text == "}") {
        --skipping_;
    } else if (line.quotes) {
        split(line, line.text.substr(0, line.later));
    }
}

void Interpreter::split(const LogicalLine& line, std::string_view text) {
    parse_line(text, ast_);
    if (ast_.unmatched_quote != nullptr) {
        unmatched_quote(line, ast_.unmatched_quote);
    }
}

/// Copies the line to the slices of the children that need it.
void Interpreter::keep(const LogicalLine& line) {
    if (!keep_text_) {
        return;
    }
    const Owner owner = context_.owner;
    const std::string_view text = owner == Owner::global ? line.text : line.text.substr(0, line.later);
    // VRRP and the checkers know BFD neighbours by name
    const bool shared = owner == Owner::global || owner == Owner::both_children || owner == Owner::bfd;
    if (shared || owner == Owner::vrrp) {
        vrrp_text_ += text;
        vrrp_text_ += '\n';
    }
    if (shared || owner == Owner::checker) {
        checker_text_ += text;
        checker_text_ += '\n';
    }
}

/// A line in a value block (6.4).
void Interpreter::entry(const LogicalLine& line) {
    Level& level = levels_.back();
    if (std::exchange(level.expect_open, false)) {
        if (ast_.shape == ast::Shape::open) {
            return;
        }
        if (ast_.shape == ast::Shape::close) {  // ends it, and no pass of keepalived minds
            context_.report.add(Severity::warning, Rank::missing_open, context_.prefix, line.place(line.text),
                                fmt::format("Block {} without a {{", level.keyword->name));
            close(line);
            return;
        }
        // The pass that owns the block takes the line for an entry, those that skip it take it for a statement.
        context_.report.error(Rank::unknown_keyword, context_.prefix, line.place(line.text),
                              fmt::format("Unknown keyword '{}'", ast_.words.empty() ? line.text : ast_.words[0].text),
                              fmt::format("the block {} begins with a {{", level.keyword->name));
        if (level.keyword->missing == Missing::fatal && !ast_.words.empty()) {  // virtual_server_group
            context_.missing_parameter({*level.keyword, ast_.words, line}, 0);
        }
    }
    if (ast_.shape == ast::Shape::close) {
        if (!end_stray()) {
            close(line);
        }
        return;
    }
    if (recover_ && !ast_.words.empty() && end_unclosed(line)) {
        statement(line);
        return;
    }
    level.strays += recover_ && ast_.shape == ast::Shape::open ? 1 : 0;
    level.has_entries = true;
    ast::Word brace{line.text};
    const Statement statement{
        *level.keyword, ast_.shape == ast::Shape::open ? std::span<const ast::Word>(&brace, 1) : ast_.words, line};
    if (!statement.words.empty() && level.keyword->apply != nullptr) {
        const std::size_t faults = context_.report.faults();
        level.keyword->apply(context_, statement);
        note(statement, true, faults);
    }
}

/// A line in a block of statements (6.2 steps 3 to 5).
void Interpreter::open_or_close(const LogicalLine& line) {
    if (std::exchange(levels_.back().expect_open, false)) {
        if (ast_.shape == ast::Shape::open) {
            return;
        }
        context_.report.error(Rank::missing_open, context_.prefix, line.place(line.text),
                              "Missing '{' at beginning of configuration block",
                              fmt::format("the block {} begins with a {{", levels_.back().keyword->name));
    }
    if (ast_.shape != ast::Shape::close) {
        statement(line);
    } else if (!end_stray()) {
        close(line);
    }
}

void Interpreter::statement(const LogicalLine& line) {
    const bool top = levels_.empty();
    if (top) {
        context_.owner = Owner::global;
        context_.prefix = Prefix::file_line;  // of what no pass knows: every pass reports it
    }
    if (ast_.shape == ast::Shape::open) {
        context_.report.error(Rank::unexpected_open, context_.prefix, line.place(line.text),
                              "Unexpected '{' - ignoring");
        strays() += recover_ ? 1 : 0;
        return;
    }
    if (ast_.shape == ast::Shape::close) {
        if (recover_) {
            extra_close(line);
            return;
        }
        context_.report.error(Rank::unknown_keyword, context_.prefix, line.place(line.text), "Unknown keyword '}'");
        return;
    }
    if (ast_.words.empty()) {
        return;
    }
    const BlockTable& keywords = table();
    const Keyword* const keyword = keywords.find(ast_.words.front().text);
    if (keyword == nullptr) {
        unknown(line, keywords);
        return;
    }
    if (top) {
        orphans_ = false;
        context_.owner = keyword->owner;
        context_.prefix = keyword->owner == Owner::global ? Prefix::line : Prefix::file_line;
        if (keyword->owner != Owner::global && line.later < line.text.size()) {
            split(line, line.text.substr(0, line.later));  // the rest is a comment to the passes that read it
            if (ast_.words.empty()) {
                return;
            }
        }
        keep(line);
    }
    act({*keyword, ast_.words, line});
}

void Interpreter::unknown(const LogicalLine& line, const BlockTable& keywords) {
    if (recover_ && (levels_.empty() ? orphan(line) : end_unclosed(line))) {
        if (!refused_) {
            statement(line);
        }
        return;
    }
    const ast::Word& word = ast_.words.front();
    std::string_view hint;
    if (context_.report.keeps(Severity::error)) {
        const auto [known, added] = hints_.try_emplace({&keywords, std::string(word.text)});
        if (added) {
            known->second = hint_for_unknown(word.text, keywords);
        }
        hint = known->second;
    }
    context_.report.error(Rank::unknown_keyword, context_.prefix, line.place({word.begin(), word.width()}),
                          fmt::format("Unknown keyword '{}'", word.text), hint);
    if (recover_) {
        go_on(line, keywords);
    }
}

void Interpreter::act(const Statement& statement) {
    const Keyword& keyword = statement.keyword;
    const std::size_t faults = context_.report.faults();
    if (!complete(statement)) {
        note(statement, false, faults);
        refused_ = keyword.kind != Kind::statement;
        return;
    }
    if (keyword.kind == Kind::lines || keyword.kind == Kind::words) {
        if (statement.size() > 1 && keyword.open == nullptr) {
            context_.error(statement, 1,
                           fmt::format("Block {} has extra parameters {} ...", keyword.name, statement[1]),
                           "entries stand between the braces, one a line");
        }
    }
    if (!keyword.supported && (levels_.empty() || levels_.back().keyword->supported)) {  // else: the block said so
        context_.unsupported(statement, keyword);
    }
    if (keyword.kind == Kind::statement) {
        if (keyword.apply != nullptr) {
            keyword.apply(context_, statement);
        }
        note(statement, false, faults);
    } else if (keyword.kind == Kind::block ? keyword.table != nullptr : keyword.apply != nullptr) {
        open(statement);
    } else {  // a block whose content nobody can read yet
        if (keyword.kind == Kind::block && keyword.apply != nullptr) {
            keyword.apply(context_, statement);
        }
        refused_ = true;
    }
}

/// Whether the argument that the keyword needs is there.
bool Interpreter::complete(const Statement& statement) {
    if (statement.size() > 1 || statement.keyword.missing == Missing::accepted) {
        return true;
    }
    if (statement.keyword.value.type == Value::Type::script && ast_.unmatched_quote != nullptr) {
        return false;  // keepalived splits such a line by other rules, which fail at the quote too (15.3)
    }
    if (statement.keyword.missing == Missing::fatal) {
        context_.missing_parameter(statement, 1);
    } else {
        context_.error(statement, 0,
                       statement.keyword.note.empty() || !statement.keyword.supported
                           ? fmt::format("{} needs a parameter - ignoring", statement.keyword.name)
                           : std::string(statement.keyword.note));
    }
    return false;
}

void Interpreter::note(const Statement& statement, bool entry, std::size_t before) {
    if (context_.record != nullptr) {
        context_.record->add(statement, entry, context_.report.faults() - before);
    }
}

void Interpreter::open(const Statement& statement) {
    const std::size_t faults = context_.report.faults();
    const Action first = statement.keyword.kind == Kind::block ? statement.keyword.apply : statement.keyword.open;
    if (first != nullptr) {
        context_.refused = false;
        first(context_, statement);
        if (context_.refused) {
            refused_ = true;
            note(statement, false, faults);
            return;
        }
    }
    if (context_.record != nullptr) {
        context_.record->open(statement);
    }
    levels_.push_back({.keyword = &statement.keyword, .place = statement.place()});
}

void Interpreter::close(const LogicalLine& line) {
    const Level level = levels_.back();
    levels_.pop_back();
    if (levels_.empty()) {
        last_closed_ = level.keyword;
        last_close_ = line.location;
    }
    if (level.keyword->kind == Kind::words && !level.has_entries) {
        context_.report.error(Rank::general, context_.prefix, line.place(line.text),
                              fmt::format("Block {} is empty", level.keyword->name));
    }
    if (level.keyword->close != nullptr) {
        const ast::Word brace{line.text};
        level.keyword->close(context_, {*level.keyword, {&brace, 1}, line});
    }
    if (context_.record != nullptr) {
        context_.record->close();
    }
}

void Interpreter::unmatched_quote(const LogicalLine& line, const char* quote) {
    context_.report.error(Rank::unmatched_quote, context_.prefix, {line.at(quote), 1},
                          fmt::format("Unmatched quote: '{}'", conceal(line.text)));
}

void Interpreter::finish(std::size_t open_braces) {
    if (recover_) {
        open_braces = unclosed(open_braces);
    }
    if (open_braces != 0) {
        Place place{last_, 1};
        std::string hint = "the text ends here";
        if (skipping_ != 0) {
            place = {skipped_from_, 1};
            hint = "the block that begins here is never closed";
        } else if (!levels_.empty()) {
            place = levels_.back().place;
            hint = fmt::format("the block {} that begins here is never closed", levels_.back().keyword->name);
        }
        context_.report.error(Rank::missing_close, Prefix::none, place,
                              fmt::format("There are {} missing '}}'s or extra '{{'s", open_braces), hint);
    }
    close_all();
}

void Interpreter::close_all() {
    while (!levels_.empty()) {
        LogicalLine end;
        end.text = "}";
        end.later = 1;
        end.location = levels_.back().place.location;
        close(end);
    }
}

}  // namespace sustain::parser
