// The rows of checks that connect: where to, and from where. Target is the draft that they fill: the check, or a host
// of an SMTP_CHECK.
#pragma once

#include "parser/actions.hpp"
#include "parser/draft/check.hpp"
#include "parser/keywords/join.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

/// Which destination the family of bindto is compared with while the block is read (spec/keywords-lvs.tsv).
enum class BindFamily : std::uint8_t {
    of_target,      ///< of connect_ip, else of the real server
    of_connect_ip,  ///< only if it has been given
};

void set_connect_ip(Context& context, const Statement& statement, TargetDraft& target);
void set_bindto(Context& context, const Statement& statement, TargetDraft& target, BindFamily family);
void set_bind_if(Context& context, const Statement& statement, TargetDraft& target);

/// At the end of a block: whether its destination is on a link, and it is not said on which.
[[nodiscard]] bool lacks_interface(const TargetDraft& target, const core::Address& destination);
void report_no_interface(Context& context, const Statement& statement, const core::Address& destination);

template <typename Target, BindFamily Family = BindFamily::of_target>
constexpr std::array<Keyword, 6> target_rows() {
    return {{
        {.name = "connect_ip",
         .missing = Missing::fatal,
         .value = word(Value::Type::address),
         .apply =
             [](Context& context, const Statement& statement) {
                 set_connect_ip(context, statement, context.draft.current<Target>());
             },
         .arguments = "IP",
         .inherits = "virtual_server/real_server"},
        {.name = "connect_port",
         .missing = Missing::fatal,
         .value = number(1, 65535),
         .apply = store<&TargetDraft::connect_port, Target>,
         .arguments = "PORT"},
        {.name = "bindto",
         .missing = Missing::fatal,
         .value = word(Value::Type::address),
         .apply =
             [](Context& context, const Statement& statement) {
                 set_bindto(context, statement, context.draft.current<Target>(), Family);
             },
         .arguments = "IP"},
        {.name = "bind_port",
         .missing = Missing::fatal,
         .value = number(1, 65535),
         .apply = store<&TargetDraft::bind_port, Target>,
         .arguments = "PORT"},
        {.name = "bind_if",
         .missing = Missing::fatal,
         .value = word(Value::Type::interface),
         .apply = [](Context& context,
                     const Statement& statement) { set_bind_if(context, statement, context.draft.current<Target>()); },
         .arguments = "INTERFACE"},
        {.name = "fwmark",
         .missing = Missing::fatal,
         .value = number(0, kMaxUnsigned),
         .apply = store<&TargetDraft::fwmark, Target>,
         .arguments = "MARK",
         .fallback = "0"},
    }};
}

}  // namespace sustain::parser
