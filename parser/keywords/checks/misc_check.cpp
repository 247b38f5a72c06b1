// MISC_CHECK { … } in a real server
#include "parser/account.hpp"
#include "parser/keywords/check_blocks.hpp"
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/script.hpp"

namespace sustain::parser {

namespace {

using checker::MiscCheck;

void set_path(Context& context, const Statement& statement) {
    auto line = read_script_line(context, statement, Rank::general);
    if (!line || line->arguments.empty() || line->arguments.front().empty()) {
        return;
    }
    ScriptDraft& script = context.draft.current<CheckDraft>().script.make();
    script.keyword = statement.keyword.name;
    script.place = statement.place(1);
    script.arguments = std::move(line->arguments);
}

/// keepalived lets go of the check where the account does not exist.
void set_user(Context& context, const Statement& statement) {
    std::vector<std::string> words;
    for (std::size_t i = 1; i < statement.size(); ++i) {
        words.emplace_back(statement[i]);
    }
    auto& draft = context.draft.current<CheckDraft>();
    const AccountText account = account_text(words);
    std::string complaint;
    if (!find_account(context, account, complaint)) {
        context.environment_error(
            statement, 1, Rank::general,
            fmt::format("Failed to set uid/gid for misc checker script - removing: {}", complaint),
            "the check is left out");
        draft.refused = true;
        return;
    }
    draft.script.make().account = account;
}

constexpr Keyword kOwn[] = {
    {.name = "misc_path", .value = word(Value::Type::script), .apply = set_path, .arguments = "COMMAND"},
    {.name = "misc_timeout",
     .missing = Missing::fatal,
     .value = number(0, 4294),
     .apply = store<&MiscCheck::timeout>,
     .arguments = "SECONDS",
     .inherits = "virtual_server/delay_loop",
     .unit = "seconds"},
    {.name = "misc_dynamic", .apply = set<&MiscCheck::dynamic, true>},
    {.name = "user",
     .missing = Missing::reported,
     .value = word(),
     .apply = set_user,
     .arguments = "USER [[:]GROUP]",
     .inherits = "global_defs/script_user"},
};

constexpr CheckFallbacks kFallbacks = {.retry = "0"};
constexpr auto kRows = join(timing_rows<CheckDraft>(Level::check, kFallbacks),
                            std::array{alpha_row<CheckDraft>(Level::check), kLogAllFailuresRow}, std::to_array(kOwn));

}  // namespace

const BlockTable& misc_check_table() {
    static const BlockTable table("virtual_server/real_server/MISC_CHECK", kRows);
    return table;
}

void close_misc_check(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<CheckDraft>();
    if (draft.refused) {
        drop_check(context);
    } else if (!draft.script || draft.script->arguments.empty()) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             "No script path has been specified for MISC_CHECKER - skipping", "the check is left out");
        drop_check(context);
    } else {
        context.draft.current<MiscCheck>().arguments = draft.script->arguments;
    }
}

}  // namespace sustain::parser
