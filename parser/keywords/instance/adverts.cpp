// vrrp_instance: what is sent and accepted, beyond what every router does.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

void set_skip_check(Context& context, const Statement& statement) {
    const auto value = context.boolean(statement);
    if (!value) {
        return;
    }
    context.draft.current<WrittenSettings>().skip_check_adv_addr = true;
    if (!*value) {  // configurations may rely on it
        constexpr std::string_view kWhy = "the keyword turns it on, whatever its argument is";
        context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(1),
                           fmt::format("skip_check_adv_addr: {}", kWhy));
        context.adjusted(context.draft.current<InstanceDraft>().place, "skip_check_adv_addr", "on", kWhy);
    }
}

void set_receive_buffer(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    if (statement.size() > 2) {
        context.error(statement, 2, fmt::format("({}) invalid kernel_rx_buf_size specified", draft.name),
                      "a number of bytes, alone");
    } else if (const auto size = context.number(statement, 1, statement.keyword.value)) {
        draft.rare.make().kernel_receive_buffer = static_cast<std::uint32_t>(*size);
    }
}

template <auto Member>
constexpr Keyword flag(std::string_view name, std::string_view inherits, std::string_view fallback = "off") {
    return {.name = name,
            .value = boolean(),
            .apply = store<Member>,
            .arguments = "[BOOLEAN]",
            .fallback = fallback,
            .inherits = inherits};
}

using Written = WrittenSettings;

constexpr Keyword kRows[] = {
    flag<&Written::lower_prio_no_advert>("lower_prio_no_advert", "global_defs/vrrp_lower_prio_no_advert"),
    flag<&Written::higher_prio_send_advert>("higher_prio_send_advert", "global_defs/vrrp_higher_prio_send_advert"),
    // Neither of its values is right for all priorities.
    flag<&Written::owner_ignore_adverts>("owner_ignore_adverts", {}, {}),
    {.name = "skip_check_adv_addr",
     .value = boolean(),
     .apply = set_skip_check,
     .arguments = "[BOOLEAN]"},  // "off" would turn it on
    flag<&Written::v3_checksum_as_v2>("v3_checksum_as_v2", "global_defs/v3_checksum_as_v2"),
    {.name = "kernel_rx_buf_size",
     .missing = Missing::reported,
     .value = number(0, kMaxUnsigned, kStrict),
     .apply = set_receive_buffer,
     .arguments = "BYTES",
     .fallback = "; what vrrp_rx_bufs_policy says",
     .unit = "bytes"},
    not_yet({.name = "accept", .apply = set<&Written::accept, true>}),
    not_yet({.name = "no_accept", .apply = set<&Written::accept, false>, .fallback = "off"}),
};

}  // namespace

Rows instance_advert_rows() {
    return kRows;
}

}  // namespace sustain::parser
