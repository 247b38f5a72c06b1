// The keyword tables: one a block, one row a keyword. They are the single source of truth about the language: reading,
// diagnostics, the check of the man page and the list of what is missing all come from them.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sustain::parser {

class BlockTable;
class Context;
struct Statement;

/// What a keyword introduces (spec/syntax.md 6.1).
enum class Kind : std::uint8_t {
    statement,
    block,            ///< of statements
    lines,            ///< value block, one entry a line
    words,            ///< value block, a list of words that must not be empty
    option,           ///< a word on an entry line, alone
    option_argument,  ///< a word on an entry line, with an argument
};

/// What a keyword without argument is (spec/syntax.md 7.4).
enum class Missing : std::uint8_t {
    fatal,     ///< class F: exit status 2
    reported,  ///< class E
    accepted,
};

/// What a second one in the same block does.
enum class Repeat : std::uint8_t { last_wins, first_wins, accumulates };

/// Which process of keepalived interprets a top level keyword.
enum class Owner : std::uint8_t { global, vrrp, checker, both_children, bfd };

/// What its first argument looks like and which values are in range.
struct Value {
    enum class Type : std::uint8_t {
        none,
        word,
        boolean,
        integer,
        unsigned_integer,
        decimal,  ///< seconds
        choice,   ///< one of `choices`
        address,
        interface,
        script,
        path,
        text,  ///< has a grammar of its own; `arguments` of the row shows it
    };
    Type type = Type::none;
    std::int64_t min = 0;  ///< decimal: in microseconds
    std::uint64_t max = 0;
    bool strict = false;  ///< the daemon, too, refuses numbers with trailing text (spec/syntax.md 14.3)
    /// What a bad number stands for; without it, a bad one is ignored.
    std::optional<std::uint32_t> otherwise = std::nullopt;
    std::string_view choices = {};  ///< separated by blanks
};

/// Acts on a statement, an opening line, an entry line or an end of block.
using Action = void (*)(Context&, const Statement&);

struct Keyword {
    std::string_view name;
    Kind kind = Kind::statement;
    Missing missing = Missing::accepted;
    Value value = {};
    Action apply = nullptr;  ///< statement: acts; block: opens, may refuse; lines and words: for each entry line
    Action open = nullptr;   ///< lines: a block that has a name, at the line with the name; may refuse
    Action close = nullptr;  ///< at the end of the block
    const BlockTable& (*table)() = nullptr;  ///< of the keywords in the block
    Repeat repeat = Repeat::last_wins;
    Owner owner = Owner::global;  ///< of a top level keyword
    bool supported = true;        ///< otherwise it is accepted and said to have no effect yet
    std::string_view note = {};   ///< what is said then
    // For people and editors: keepalived.conf(5), --explain, --dump-keywords.
    std::string_view arguments = {};  ///< as a manual writes them: "NAME", "SECONDS [REPEAT]"
    /// What counts if it is not written, as one would write it; empty: nothing. With a ';' it depends, and this is for
    /// people: "100; 255 with state MASTER".
    std::string_view fallback = {};
    /// Whose value counts before that, the nearest first: "virtual_server/retry", "vrrp_sync_group/x, global_defs/x".
    std::string_view inherits = {};
    std::string_view unit = {};         ///< "seconds", "milliseconds", …
    std::string_view replaced_by = {};  ///< of a deprecated spelling: the keyword to write instead
    bool secret = false;                ///< a password or key: shown to nobody
};

/// The keywords of one block.
class BlockTable {
public:
    /// Path: "vrrp_instance/authentication"; "" is the top level. The rows must outlive the table.
    BlockTable(std::string_view path, std::span<const Keyword> keywords);

    [[nodiscard]] std::string_view path() const { return path_; }
    [[nodiscard]] std::span<const Keyword> keywords() const { return keywords_; }
    /// Exact match; null if there is none.
    [[nodiscard]] const Keyword* find(std::string_view word) const;
    /// The keyword that the word was probably meant to be; null if none is close.
    [[nodiscard]] const Keyword* closest(std::string_view word) const;

private:
    std::string_view path_;
    std::span<const Keyword> keywords_;
    std::vector<std::uint16_t> index_;  ///< open addressing: number of the keyword + 1, 0 is free
};

/// All tables, for those that want to list the language.
[[nodiscard]] const std::vector<BlockTable>& keyword_tables();

/// Whether a keyword of this name, in whatever block, has a secret behind it.
[[nodiscard]] bool is_secret(std::string_view name);

/// A few words about a word that is not in the table: what was probably meant or where it belongs.
[[nodiscard]] std::string hint_for_unknown(std::string_view word, const BlockTable& table);

/// Which of the choices (separated by blanks) was probably meant, and the hint; without one, all of the choices.
[[nodiscard]] std::string hint_for_choice(std::string_view word, std::string_view choices, std::string_view hint = {});

// How rows are written.

constexpr std::uint64_t kMaxUnsigned = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMaxInteger = std::numeric_limits<std::int32_t>::max();
constexpr std::uint64_t kMaxDecimal = std::numeric_limits<std::uint64_t>::max() - 1;
constexpr bool kStrict = true;

constexpr Value number(std::int64_t min, std::uint64_t max, bool strict = false,
                       std::optional<std::uint32_t> otherwise = std::nullopt) {
    return {Value::Type::unsigned_integer, min, max, strict, otherwise};
}
constexpr Value integer(std::int64_t min, std::uint64_t max) {
    return {Value::Type::integer, min, max};
}
/// Limits in microseconds.
constexpr Value seconds(std::int64_t min, std::uint64_t max, std::optional<std::uint32_t> otherwise = std::nullopt) {
    return {Value::Type::decimal, min, max, false, otherwise};
}
constexpr Value boolean() {
    return {Value::Type::boolean};
}
constexpr Value word(Value::Type type = Value::Type::word) {
    return {type};
}
/// One of these words, separated by blanks.
constexpr Value choice(std::string_view words) {
    return {.type = Value::Type::choice, .choices = words};
}

/// Read and kept in the configuration, but nothing acts on it yet: which is said once.
constexpr Keyword not_yet(Keyword keyword, std::string_view note = {}) {
    keyword.supported = false;
    keyword.note = note;
    return keyword;
}

}  // namespace sustain::parser
