// Lines that name a program or a regular expression. They are split a second time, by rules like those of a shell
// (spec/syntax.md 15).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/context.hpp"

namespace sustain::parser {

/// What the words of a text are, and why they are not all of it.
struct ScriptWords {
    enum class Fault : std::uint8_t { none, quote, backslash };
    std::vector<std::string> words;
    Fault fault = Fault::none;  ///< a quote is not closed; the text ends with a backslash that escapes nothing
    char quote = 0;             ///< the one that is not closed
};

/// Splits at blanks that are neither quoted nor escaped. Adjacent quoted and unquoted parts are one word. Escapes are
/// kept as they are or replaced by what they mean.
enum class Escapes : std::uint8_t { keep, replace };
[[nodiscard]] ScriptWords split_script(std::string_view text, Escapes escapes);

/// A script line taken apart.
struct ScriptLine {
    std::vector<std::string> arguments;  ///< of the command; empty: there is none
    AccountText account;
};

/// The command and, where the line may have them, the user and group of a script line (its keyword is word 1). No value
/// if the line cannot be split, which is reported. A command that ends with a backslash is reported with this rank; for
/// notify scripts, keepalived drops it without a word.
[[nodiscard]] std::optional<ScriptLine> read_script_line(Context& context, const Statement& statement,
                                                         Rank backslash = Rank::none);

/// The words after the keyword of a `regex` line, escapes replaced. No value if it cannot be split, which is reported.
[[nodiscard]] std::optional<std::vector<std::string>> read_regex_line(Context& context, const Statement& statement);

/// Reads a script line and keeps the script for check_scripts(). kNoCommand: there is none; what is wrong is reported.
[[nodiscard]] core::CommandNumber read_script(Context& context, const Statement& statement, ScriptUse use);

/// The same for a script whose account is known only later in the block (MISC_CHECK).
[[nodiscard]] core::CommandNumber add_script(Context& context, ScriptUse use, std::string_view keyword,
                                             const Place& place, ScriptLine script);

/// Reads a script and stores its number where there is none yet: of several for one occasion, the first one counts.
/// Owner: the name of the object; empty if it has none.
void store_script(Context& context, const Statement& statement, ScriptUse use, std::string_view owner,
                  core::CommandNumber& number);

}  // namespace sustain::parser
