// What an action of a keyword table works with: the statement, the draft that it fills, and the ways to complain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "parser/ast.hpp"
#include "parser/draft.hpp"
#include "parser/environment.hpp"
#include "parser/keyword.hpp"
#include "parser/lines.hpp"
#include "parser/record.hpp"
#include "parser/report.hpp"
#include "parser/statement.hpp"

namespace sustain::parser {

class Context {
public:
    Context(Report& report_to, const Environment& machine, bool strict_numbers)
        : report(report_to), environment(machine), strict(strict_numbers) {}

    /// Reports at the word with this number (the last one if there are fewer).
    void error(const Statement& statement, std::size_t word, Rank rank, std::string_view message,
               std::string_view hint = {});
    void error(const Statement& statement, std::size_t word, std::string_view message, std::string_view hint = {}) {
        error(statement, word, Rank::general, message, hint);
    }
    /// The same about something that this machine lacks: an interface, a file, a user.
    void environment_error(const Statement& statement, std::size_t word, Rank rank, std::string_view message,
                           std::string_view hint = {});
    /// What an unknown word was probably meant to be; nothing when there are more errors than are said.
    [[nodiscard]] std::string hint_for_unknown(std::string_view word, const BlockTable& table) const;
    /// What has been read but nothing acts on yet; said once a keyword.
    void unsupported(const Statement& statement, const Keyword& keyword);
    /// Something that later issues of the project bring.
    void unsupported(const Statement& statement, std::size_t word, std::string_view message);
    void unsupported(const Place& place, std::string_view message);
    /// Class F: the word with this number is not there.
    void missing_parameter(const Statement& statement, std::size_t word);

    /// The number at this word as the row wants it; no value if it is not to be used. Reports what is wrong with it.
    [[nodiscard]] std::optional<std::int64_t> number(const Statement& statement, std::size_t word, const Value& value);
    /// A boolean argument that may be left out; no value if it is wrong, which is reported.
    [[nodiscard]] std::optional<bool> boolean(const Statement& statement);

    /// What the machine says of the interface of this name, asked once; null: there is none.
    [[nodiscard]] const Interface* interface(std::string_view name);
    /// The interface at this word is needed and there is none, which only matters without dynamic_interfaces in
    /// global_defs, wherever that stands: the complaint is made after the last line.
    void missing_interface(const Statement& statement, std::size_t word, std::string complaint);

    /// A check decided otherwise than written, or for something that was not written: what now counts for a keyword of
    /// the block that begins at this place, and why. Value: its arguments as one would write them, "on" for a keyword
    /// without; "off" or nothing: as if it were not there. For --explain.
    void adjusted(const Place& block, std::string_view keyword, std::string value, std::string_view why);
    /// A check dropped the whole block that begins at this place. For --explain.
    void left_out(const Place& block, std::string_view why);

    /// An opening line that makes no sense: its block is skipped.
    void refuse() { refused = true; }

    Draft draft;
    Report& report;
    const Environment& environment;
    TextSettings* text_settings = nullptr;  ///< how the text that follows is read
    bool strict;
    Prefix prefix = Prefix::line;  ///< of what is reported while a statement is read
    Owner owner = Owner::global;   ///< of the top level block that is open
    bool refused = false;
    Record* record = nullptr;        ///< of what was written, if somebody wants it
    bool namespace_missing = false;  ///< the one of net_namespace: keepalived would end with status 0
    bool missing_early = false;      ///< class F in what keepalived's first pass interprets
    bool missing_late = false;       ///< class F elsewhere
    std::optional<int> parent_fatal;
    std::optional<int> vrrp_fatal;
    std::optional<int> checker_fatal;

private:
    struct NameHash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    std::unordered_set<const Keyword*> said_;  ///< not supported yet, and said so
    std::unordered_map<std::string, std::optional<Interface>, NameHash, std::equal_to<>> interfaces_;
};

}  // namespace sustain::parser
