// vrrp_instance: what makes it give up or lowers its priority.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/join.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/keywords/track_rows.hpp"

namespace sustain::parser {

namespace {

void set_polling(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    context.error(statement, 0, Rank::deprecated,
                  fmt::format("({}) 'linkbeat_use_polling' in vrrp instance deprecated - use linkbeat_interfaces block",
                              draft.name));
    draft.poll_link_state = true;
}

constexpr auto kRows =
    join(std::to_array<Keyword>({
             {.name = "dont_track_primary", .apply = set<&vrrp::Instance::track_primary, false>, .fallback = "off"},
             not_yet({.name = "linkbeat_use_polling",
                      .apply = set_polling,
                      .fallback = "off",
                      .replaced_by = "linkbeat_interfaces"}),
         }),
         track_rows<InstanceDraft>());

}  // namespace

Rows instance_tracking_rows() {
    return kRows;
}

}  // namespace sustain::parser
