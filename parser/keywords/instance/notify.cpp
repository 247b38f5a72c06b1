// vrrp_instance: who is told about its changes.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/join.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/keywords/track_rows.hpp"

namespace sustain::parser {

namespace {

void set_sync_interface(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    context.error(statement, 0, Rank::deprecated,
                  fmt::format("({}) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.", draft.name),
                  fmt::format("Please use global lvs_sync_daemon: lvs_sync_daemon {} {}", statement[1], draft.name));
    std::string& interface = draft.rare.make().lvs_sync_interface;
    if (!interface.empty()) {
        context.error(statement, 1,
                      fmt::format("({}) lvs_sync_daemon_interface has already been specified as {} - ignoring",
                                  draft.name, interface));
        return;
    }
    interface = statement[1];
}

template <auto Member>
void store_rare(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    store_script(context, statement, ScriptUse::vrrp_notify, draft.name, draft.rare.make().*Member);
}

void set_notify_deleted(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    draft.notify_deleted = true;
    if (statement.size() > 1) {
        store_rare<&vrrp::RareSettings::deleted_script>(context, statement);
    }
}

constexpr Keyword flag(std::string_view name, Action apply, std::string_view inherits) {
    return {.name = name,
            .value = boolean(),
            .apply = apply,
            .arguments = "[BOOLEAN]",
            .fallback = "off",
            .inherits = inherits};
}

constexpr auto kRows =
    join(notify_rows<InstanceDraft>(),
         std::to_array<Keyword>({
             {.name = "notify_master_rx_lower_pri",
              .missing = Missing::fatal,
              .value = word(Value::Type::script),
              .apply = store_rare<&vrrp::RareSettings::lower_priority_script>,
              .repeat = Repeat::first_wins,
              .arguments = "COMMAND [USER [[:]GROUP]]"},
             {.name = "notify_deleted",
              .value = word(Value::Type::script),
              .apply = set_notify_deleted,
              .repeat = Repeat::first_wins,
              .arguments = "[COMMAND [USER [[:]GROUP]]]"},
             flag("smtp_alert", store<&WrittenSettings::smtp_alert>, "global_defs/smtp_alert_vrrp"),
             flag("notify_priority_changes", store<&WrittenSettings::notify_priority_changes>,
                  "vrrp_sync_group/notify_priority_changes, global_defs/vrrp_notify_priority_changes"),
             {.name = "lvs_sync_daemon_interface",
              .missing = Missing::fatal,
              .value = word(Value::Type::interface),
              .apply = set_sync_interface,
              .repeat = Repeat::first_wins,
              .arguments = "INTERFACE",
              .replaced_by = "lvs_sync_daemon"},
         }));

}  // namespace

Rows instance_notify_rows() {
    return kRows;
}

}  // namespace sustain::parser
