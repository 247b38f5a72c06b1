// vrrp_instance: how often adverts are sent, and who takes over when.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

void set_timer_expired_backup(Context& context, const Statement& statement) {
    constexpr std::uint8_t kHighest = 254;
    if (!statement.keyword.replaced_by.empty()) {
        report_deprecated(context, statement);
    }
    auto& draft = context.draft.current<InstanceDraft>();
    if (statement.size() < 2) {
        draft.rare.make().timer_expired_priority = kHighest;
    } else if (const auto priority = context.number(statement, 1, statement.keyword.value)) {
        draft.rare.make().timer_expired_priority = static_cast<std::uint8_t>(*priority);
    }
}

constexpr Keyword kRows[] = {
    {.name = "advert_int",
     .missing = Missing::fatal,
     .value = seconds(10'000, 255'000'000),
     .apply = store<&vrrp::Instance::advert_interval>,
     .arguments = "SECONDS",
     .fallback = "1",
     .unit = "seconds"},
    {.name = "down_timer_adverts",
     .missing = Missing::fatal,
     .value = number(1, 100),
     .apply = store<&WrittenSettings::down_timer_adverts>,
     .arguments = "NUMBER",
     .fallback = "3",
     .inherits = "global_defs/vrrp_down_timer_adverts"},
    {.name = "preempt", .apply = set<&vrrp::Instance::preempt, true>, .fallback = "; unless nopreempt"},
    {.name = "nopreempt", .apply = set<&vrrp::Instance::preempt, false>, .fallback = "off"},
    {.name = "preempt_delay",
     .missing = Missing::fatal,
     .value = seconds(0, 1'000'000'000, 0),
     .apply = store<&vrrp::Instance::preempt_delay>,
     .arguments = "SECONDS",
     .fallback = "0",
     .unit = "seconds"},
    {.name = "timer_expired_backup",
     .value = number(1, 254, kStrict),
     .apply = set_timer_expired_backup,
     .arguments = "[PRIORITY]",
     .fallback = "; off"},
    {.name = "thread_timer_expired",
     .value = number(1, 254, kStrict),
     .apply = set_timer_expired_backup,
     .arguments = "[PRIORITY]",
     .replaced_by = "timer_expired_backup"},
};

}  // namespace

Rows instance_timer_rows() {
    return kRows;
}

}  // namespace sustain::parser
