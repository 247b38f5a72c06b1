// Scripts: as whom they run, how safe they have to be, and the two that the parent runs itself.
#include "parser/keywords/global/rows.hpp"

#include "parser/account.hpp"
#include "parser/script.hpp"

namespace sustain::parser {

namespace {

using core::ScriptSettings;

void set_user(Context& context, const Statement& statement) {
    AccountText text{.user = std::string(statement[1]),
                     .group = statement.size() > 2 ? std::string(statement[2]) : std::string()};
    std::string complaint;
    DefaultAccount& known = context.draft.default_account;
    known.account = find_account(context, text, complaint);
    known.unusable = !known.account;
    if (known.unusable) {
        context.environment_error(statement, 1, Rank::general, "Error setting global script uid/gid - " + complaint);
    }
}

/// A script that the parent runs: its account is found where the line stands.
template <auto Member>
void set_parent_script(Context& context, const Statement& statement) {
    ParentScript& script = context.draft.*Member;
    if (script.written) {
        context.error(statement, 0, fmt::format("{} already specified - ignoring", statement.keyword.name));
        return;
    }
    const auto line = read_script_line(context, statement);
    if (!line) {
        return;
    }
    std::string complaint = "no command";
    std::optional<core::Account> account;
    if (!line->arguments.empty()) {
        account = account_of(context, line->account, statement.place(1), complaint);
    }
    if (!account) {
        context.error(statement, 1, fmt::format("Invalid {} - {}", statement.keyword.name, complaint));
        return;
    }
    script = {.written = true,
              .place = statement.place(1),
              .command = {.arguments = line->arguments, .account = *std::move(account)}};
}

template <auto Member>
constexpr Keyword script_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::reported,
            .value = word(Value::Type::script),
            .apply = set_parent_script<Member>,
            .repeat = Repeat::first_wins,
            .arguments = "COMMAND [USER [[:]GROUP]]"};
}

constexpr Keyword kRows[] = {
    {.name = "script_user",
     .missing = Missing::reported,
     .value = word(),
     .apply = set_user,
     .arguments = "USER [[:]GROUP]"},
    flag<&ScriptSettings::security>("enable_script_security"),
    toggle<&ScriptSettings::symlink_paths>("use_symlink_paths"),
    toggle<&ScriptSettings::supplementary_groups>("set_supplementary_groups"),
    script_row<&ScriptDrafts::startup>("startup_script"),
    amount<&ScriptSettings::startup_timeout>("startup_script_timeout", Missing::reported, number(1, 1000), "10",
                                             "SECONDS", "seconds"),
    script_row<&ScriptDrafts::shutdown>("shutdown_script"),
    amount<&ScriptSettings::shutdown_timeout>("shutdown_script_timeout", Missing::reported, number(1, 1000), "10",
                                              "SECONDS", "seconds"),
};

}  // namespace

std::span<const Keyword> script_rows() {
    return kRows;
}

}  // namespace sustain::parser
