// The rows of the statements at the top level.
#pragma once

#include <array>

#include "parser/actions.hpp"
#include "parser/keywords/join.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

void set_namespace(Context& context, const Statement& statement);
void set_ipvs_namespace(Context& context, const Statement& statement);
void set_instance_name(Context& context, const Statement& statement);

constexpr std::array kRunRows =
    join(std::array{Keyword{.name = "net_namespace_ipvs",
                            .value = word(),
                            .apply = set_ipvs_namespace,
                            .repeat = Repeat::first_wins,
                            .arguments = "[NAME]"}},
         not_yet(std::array{
             Keyword{.name = "linkbeat_use_polling", .apply = set<&core::VrrpSettings::poll_link_state, true>},
             Keyword{.name = "net_namespace",
                     .missing = Missing::reported,
                     .value = word(),
                     .apply = set_namespace,
                     .repeat = Repeat::first_wins,
                     .arguments = "NAME"},
             Keyword{.name = "namespace_with_ipsets", .apply = set<&core::RunSettings::ipsets_in_namespace, true>},
             Keyword{.name = "use_pid_dir", .apply = set<&core::RunSettings::pid_folder, true>},
             Keyword{.name = "instance",
                     .missing = Missing::reported,
                     .value = word(),
                     .apply = set_instance_name,
                     .repeat = Repeat::first_wins,
                     .arguments = "NAME"},
             Keyword{.name = "child_wait_time",
                     .missing = Missing::fatal,
                     .value = number(0, kMaxUnsigned, kStrict),
                     .apply = store<&core::RunSettings::child_wait>,
                     .arguments = "SECONDS",
                     .fallback = "5",
                     .unit = "seconds"},
         }));

}  // namespace sustain::parser
