// User and group words of script lines, and the account of those that have none (spec/semantic-checks-core.md 9.1).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "parser/context.hpp"

namespace sustain::parser {

/// The words USER [[:]GROUP], as far as they are there.
[[nodiscard]] AccountText account_text(std::span<const std::string> words);

/// The account that the words name. Supplementary groups: where the words or set_supplementary_groups ask for them. No
/// value: there is no such user or group; the complaint then says which.
[[nodiscard]] std::optional<core::Account> find_account(const Context& context, const AccountText& text,
                                                        std::string& complaint);

/// The default account. Where there is none, the first who asks has it reported.
[[nodiscard]] std::optional<core::Account> default_account(Context& context, const Place& place);

/// The account named by the words, or the default one where there are none. No value: the script cannot be run, and the
/// complaint says why if nothing was reported.
[[nodiscard]] std::optional<core::Account> account_of(Context& context, const AccountText& text, const Place& place,
                                                      std::string& complaint);

}  // namespace sustain::parser
