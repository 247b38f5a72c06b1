#include "parser/explain.hpp"

#include <fmt/format.h>

#include "parser/effective.hpp"
#include "parser/excerpt.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kStep = 4;            // of indentation
constexpr std::size_t kCommentColumn = 52;  // fixed, so that a change of one line leaves the others as they are
constexpr std::size_t kMaxLine = 1022;      // bytes that a line of a configuration may have

bool is_values(const Keyword& keyword) {
    return keyword.kind == Kind::lines || keyword.kind == Kind::words;
}

class Explanation {
public:
    Explanation(const Record& record, const Sources& sources, const ExplainOptions& options)
        : record_(record), sources_(sources), options_(options), effects_(record) {}

    std::string write() {
        top_level_statements();
        bool globals_written = effects_.globals().keyword == nullptr;
        if (globals_written) {  // there is none: its defaults count all the same
            globals();
        }
        for (const Written& item : record_.written()) {
            if (item.keyword->kind == Kind::statement) {
                continue;
            }
            if (item.keyword->name != "global_defs") {
                block(item, top_level_table(), {});
            } else if (!std::exchange(globals_written, true)) {
                globals();
            }
        }
        return std::move(text_);
    }

private:
    using Scopes = std::vector<Scope>;

    void line(std::size_t depth, std::string_view text, std::string_view comment) {
        const std::size_t begin = text_.size();
        text_.append(depth * kStep, ' ');
        text_ += text;
        if (options_.origins && !comment.empty()) {
            const std::size_t length = text_.size() - begin;
            if (std::max(length, kCommentColumn) + 2 + comment.size() <= kMaxLine) {
                text_.append(length < kCommentColumn ? kCommentColumn - length : 1, ' ');
                text_ += "# ";
                text_ += comment;
            }
        }
        text_ += '\n';
    }

    /// What is not a part of the configuration.
    void remark(std::size_t depth, std::string_view text, std::string_view comment) {
        if (options_.origins) {
            line(depth, fmt::format("# {}", text), comment);
        }
    }

    [[nodiscard]] std::string place(const Location& location) const {
        return location.line == 0 ? std::string()
                                  : fmt::format("{}:{}", printable(sources_[location.file].name), location.line);
    }

    [[nodiscard]] std::string origin(const Effective& value) const {
        const std::string at = value.written != nullptr ? place(value.written->location) : std::string();
        switch (value.origin) {
            case Effective::Origin::fallback:
                return value.off ? fmt::format("default: {}", value.remark) : std::string("default");
            case Effective::Origin::inherited:
                return fmt::format("from {}{}{}", value.remark, at.empty() ? "" : " ", at);
            case Effective::Origin::adjusted:
                return fmt::format("adjusted: {}{}{}", printable(value.remark), at.empty() ? "" : ", not as in ", at);
            default: return value.remark.empty() ? at : fmt::format("{}, {}", at, printable(value.remark));
        }
    }

    [[nodiscard]] std::string shown(const Keyword& keyword, std::string_view arguments) const {
        constexpr std::size_t kShort = 8;  // the longest password
        constexpr std::size_t kLong = 32;  // the shortest key
        if (!keyword.secret || options_.secrets) {
            return std::string(arguments);
        }
        // The number of a key stands before it. Whatever else is written may be the secret, words too many as well.
        std::size_t begin = 0;
        if (keyword.value.type == Value::Type::unsigned_integer) {
            const std::size_t digits = arguments.find_first_not_of("0123456789");
            begin = digits != std::string_view::npos && arguments[digits] == ' ' ? digits + 1 : 0;
        }
        const std::size_t length = arguments.size() - begin;
        return fmt::format("{}\"{:*<{}}\"", arguments.substr(0, begin), "", length <= kShort ? kShort : kLong);
    }

    static std::string joined(std::string_view keyword, std::string_view arguments) {
        return arguments.empty() ? std::string(keyword) : fmt::format("{} {}", keyword, arguments);
    }

    void statement(std::size_t depth, const Keyword& keyword, const Effective& value) {
        if (keyword.value.type == Value::Type::none && value.origin != Effective::Origin::written) {
            // A keyword without argument is there or not; "off" behind it would be ignored.
            if (value.off || value.arguments == "off" || value.arguments == "no" || value.arguments == "false") {
                if (value.origin == Effective::Origin::adjusted || value.off) {
                    remark(depth, keyword.name, origin(value));
                }
                return;
            }
            const bool bare = value.arguments == "on" || value.arguments == "yes" || value.arguments == "true";
            line(depth, joined(keyword.name, bare ? std::string_view() : std::string_view(value.arguments)),
                 origin(value));
        } else if (value.off) {
            const bool inherited = value.origin == Effective::Origin::inherited;
            remark(depth, joined(keyword.name, inherited ? std::string_view(value.arguments) : std::string_view()),
                   origin(value));
        } else {
            line(depth, joined(keyword.name, shown(keyword, normalised(keyword, value.arguments))), origin(value));
        }
    }

    /// All that the keyword has to say in the innermost block.
    void keyword(std::size_t depth, const Keyword& row, const Scopes& scopes) {
        const Scope& scope = scopes.back();
        for (const Written& item : scope.block->inside) {
            if (item.keyword == nullptr || &canonical(*item.keyword, *scope.table) != &row) {
                continue;
            }
            if (item.use == Written::Use::faulty) {
                remark(depth, joined(item.keyword->name, shown(row, printable(item.arguments))),
                       fmt::format("{}, of no effect", place(item.location)));
            } else if (row.kind != Kind::statement) {
                block(item, *scope.table, scopes);
            } else if (row.repeat == Repeat::accumulates) {
                Effective value{.arguments = normalised(row, item.arguments), .written = &item, .remark = item.remark};
                statement(depth, row, value);
            }
        }
        if (row.kind == Kind::statement) {
            const auto value = effects_.value(row, scopes);
            if (value && (row.repeat != Repeat::accumulates || value->origin != Effective::Origin::written)) {
                statement(depth, row, *value);
            }
        }
    }

    void block(const Written& item, const BlockTable& table, const Scopes& around) {
        const Keyword& row = canonical(*item.keyword, table);
        const std::size_t depth = around.size();
        const std::string_view why = record_.left_out(item);
        if (item.use == Written::Use::faulty || !why.empty()) {
            remark(depth, joined(row.name, printable(item.arguments)) + " { ... }",
                   why.empty() ? fmt::format("{}, of no effect", place(item.location))
                               : fmt::format("{}, left out: {}", place(item.location), printable(why)));
            return;
        }
        line(depth, joined(row.name, item.arguments) + " {", place(item.location));
        if (is_values(row)) {
            entries(item, depth + 1);
        } else {
            contents(item, row.table(), around);
        }
        line(depth, "}", {});
    }

    void entries(const Written& item, std::size_t depth) {
        for (const Written& entry : item.inside) {
            if (entry.use == Written::Use::faulty) {
                remark(depth, printable(entry.arguments), fmt::format("{}, of no effect", place(entry.location)));
            } else {
                line(depth, entry.arguments, place(entry.location));
            }
        }
    }

    void contents(const Written& item, const BlockTable& table, Scopes scopes) {
        scopes.push_back({&item, &table});
        for (const Keyword& row : table.keywords()) {
            if (&canonical(row, table) == &row) {
                keyword(scopes.size(), row, scopes);
            }
        }
    }

    void globals() {
        line(0, "global_defs {", place(effects_.globals().location));
        contents(effects_.globals(), global_defs_table(), {});
        line(0, "}", {});
    }

    void top_level_statements() {
        Written top;
        for (const Written& item : record_.written()) {
            if (item.keyword->kind == Kind::statement) {
                top.inside.push_back(item);
            }
        }
        const Scopes scopes{{&top, &top_level_table()}};
        for (const Keyword& row : top_level_table().keywords()) {
            if (row.kind == Kind::statement) {
                keyword(0, row, scopes);
            }
        }
    }

    const Record& record_;
    const Sources& sources_;
    const ExplainOptions& options_;
    Effects effects_;
    std::string text_;
};

}  // namespace

std::string explain(const Record& record, const Sources& sources, const ExplainOptions& options) {
    return Explanation(record, sources, options).write();
}

}  // namespace sustain::parser
