// FIFOs and the scripts that read them (spec/semantic-checks-core.md 10).
#include "parser/keywords/global/rows.hpp"

#include "parser/account.hpp"
#include "parser/script.hpp"

namespace sustain::parser {

namespace {

/// What is only logged, because keepalived does no more.
void note(Context& context, const Statement& statement, std::string_view message) {
    context.report.add(Severity::notice, Rank::none, Class::environment, context.prefix, statement.place(1), message);
}

template <typename Target>
void set_fifo(Context& context, const Statement& statement) {
    core::Fifo& fifo = context.draft.current<Target>();
    if (!fifo.path.empty()) {
        context.error(statement, 1,
                      fmt::format("{} already specified - ignoring {}", statement.keyword.name, statement[1]));
        return;
    }
    const auto word = [&](std::size_t i) { return statement.size() > i ? std::string(statement[i]) : std::string(); };
    std::string complaint;
    auto owner = account_of(context, {.user = word(2), .group = word(3)}, statement.place(1), complaint);
    if (!owner) {
        note(context, statement, fmt::format("{}: {} - ignoring", statement.keyword.name, complaint));
        return;
    }
    fifo.path = statement[1];
    fifo.owner = *std::move(owner);
}

template <auto Member>
void set_fifo_script(Context& context, const Statement& statement) {
    ParentScript& script = context.draft.*Member;
    if (script.written) {
        context.error(statement, 1, fmt::format("{} already specified - ignoring", statement.keyword.name));
        return;
    }
    const auto line = read_script_line(context, statement);
    if (!line || line->arguments.empty()) {
        return;
    }
    std::string complaint;
    auto account = account_of(context, line->account, statement.place(1), complaint);
    if (!account) {
        note(context, statement, fmt::format("{}: {} - ignoring", statement.keyword.name, complaint));
        return;
    }
    script = {.written = true,
              .place = statement.place(1),
              .command = {.arguments = line->arguments, .account = *std::move(account)}};
}

template <typename Target>
constexpr Keyword fifo_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::reported,
            .value = word(Value::Type::path),
            .apply = set_fifo<Target>,
            .repeat = Repeat::first_wins,
            .arguments = "PATH [USER [GROUP]]"};
}

template <auto Member>
constexpr Keyword script_row(std::string_view name) {
    return {.name = name,
            .missing = Missing::reported,
            .value = word(Value::Type::script),
            .apply = set_fifo_script<Member>,
            .repeat = Repeat::first_wins,
            .arguments = "COMMAND [USER [[:]GROUP]]"};
}

constexpr Keyword kRows[] = {
    fifo_row<core::GlobalFifo>("notify_fifo"),
    script_row<&ScriptDrafts::global_fifo>("notify_fifo_script"),
    fifo_row<core::VrrpFifo>("vrrp_notify_fifo"),
    script_row<&ScriptDrafts::vrrp_fifo>("vrrp_notify_fifo_script"),
    fifo_row<core::LvsFifo>("lvs_notify_fifo"),
    script_row<&ScriptDrafts::lvs_fifo>("lvs_notify_fifo_script"),
    toggle<&vrrp::Defaults::notify_priority_changes>("vrrp_notify_priority_changes"),
    flag<&core::FifoSettings::write_vrrp_states_on_reload>("fifo_write_vrrp_states_on_reload"),
};

}  // namespace

std::span<const Keyword> fifo_rows() {
    return kRows;
}

}  // namespace sustain::parser
