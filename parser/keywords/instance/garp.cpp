// vrrp_instance: when its addresses are announced.
#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

/// A count of packets: none is not possible.
template <auto Member>
void store_repeat(Context& context, const Statement& statement) {
    auto count = context.number(statement, 1, statement.keyword.value);
    if (count == 0) {
        context.error(statement, 1,
                      fmt::format("({}): {} must be greater than 0, setting to 1",
                                  context.draft.current<InstanceDraft>().name, statement.keyword.name));
        count = 1;
    }
    if (count) {
        context.draft.current<WrittenSettings>().*Member = static_cast<unsigned>(*count);
    }
}

void set_extra_garp(Context& context, const Statement& statement) {
    if (!statement.keyword.replaced_by.empty()) {
        report_deprecated(context, statement);
    }
    auto& draft = context.draft.current<InstanceDraft>();
    vrrp::ExtraGarp settings;
    bool timed = false;
    for (std::size_t i = 1; i < statement.size(); ++i) {
        if (statement[i] == "all") {
            settings.all_interfaces = true;
            continue;
        }
        const auto interval = context.number(statement, i, statement.keyword.value);
        if (!interval) {
            return;
        }
        settings.interval = std::chrono::seconds(*interval);
        timed = true;
    }
    if (!timed) {
        context.error(statement, 1,
                      fmt::format("({}): {} specified without time - ignoring", draft.name, statement.keyword.name),
                      "a number of seconds is needed");
        return;
    }
    draft.written.extra_garp = settings;
}

constexpr Keyword delay(std::string_view name, std::uint64_t max, Action apply, std::string_view fallback,
                        std::string_view inherits) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = number(0, max),
            .apply = apply,
            .arguments = "SECONDS",
            .fallback = fallback,
            .inherits = inherits,
            .unit = "seconds"};
}

constexpr Keyword count(std::string_view name, std::uint64_t max, Action apply, std::string_view fallback,
                        std::string_view inherits) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = number(0, max),
            .apply = apply,
            .arguments = "NUMBER",
            .fallback = fallback,
            .inherits = inherits};
}

/// A bad one stands for 0.
constexpr Keyword or_zero(Keyword keyword) {
    keyword.value.otherwise = 0;
    return keyword;
}

using Written = WrittenSettings;

constexpr std::uint64_t kMaxDelay = 4294;
constexpr std::uint64_t kDay = 86400;

constexpr Keyword kRows[] = {
    delay("garp_master_delay", kMaxDelay, store<&Written::garp_master_delay>, "5",
          "global_defs/vrrp_garp_master_delay"),
    or_zero(delay("garp_master_refresh", kMaxUnsigned, store<&Written::garp_master_refresh>, "0",
                  "global_defs/vrrp_garp_master_refresh")),
    count("garp_master_repeat", kMaxUnsigned, store_repeat<&Written::garp_master_repeat>, "5",
          "global_defs/vrrp_garp_master_repeat"),
    count("garp_master_refresh_repeat", kMaxUnsigned, store_repeat<&Written::garp_master_refresh_repeat>, "1",
          "global_defs/vrrp_garp_master_refresh_repeat"),
    delay("garp_lower_prio_delay", kMaxDelay, store<&Written::garp_lower_prio_delay>, "5",
          "global_defs/vrrp_garp_lower_prio_delay"),
    count("garp_lower_prio_repeat", kMaxInteger, store<&Written::garp_lower_prio_repeat>, "5",
          "global_defs/vrrp_garp_lower_prio_repeat"),
    {.name = "garp_extra_if",
     .missing = Missing::reported,
     .value = number(0, kDay),
     .apply = set_extra_garp,
     .arguments = "[all] SECONDS",
     .fallback = "0",
     .inherits = "global_defs/vrrp_garp_extra_if",
     .unit = "seconds"},
    {.name = "vmac_garp_intvl",
     .missing = Missing::reported,
     .value = number(0, kDay),
     .apply = set_extra_garp,
     .arguments = "[all] SECONDS",
     .unit = "seconds",
     .replaced_by = "garp_extra_if"},
};

}  // namespace

Rows instance_garp_rows() {
    return kRows;
}

}  // namespace sustain::parser
