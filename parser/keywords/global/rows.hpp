// The rows of global_defs, by noun, and how the common kinds of them are written.
#pragma once

#include <fmt/format.h>

#include <span>

#include "parser/actions.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

[[nodiscard]] std::span<const Keyword> dump_rows();
[[nodiscard]] std::span<const Keyword> fifo_rows();
[[nodiscard]] std::span<const Keyword> firewall_rows();
[[nodiscard]] std::span<const Keyword> garp_rows();
[[nodiscard]] std::span<const Keyword> lvs_rows();
[[nodiscard]] std::span<const Keyword> mail_rows();
[[nodiscard]] std::span<const Keyword> management_rows();
[[nodiscard]] std::span<const Keyword> netlink_rows();
[[nodiscard]] std::span<const Keyword> process_rows();
[[nodiscard]] std::span<const Keyword> reload_rows();
[[nodiscard]] std::span<const Keyword> script_rows();
[[nodiscard]] std::span<const Keyword> vrrp_rows();

/// A keyword without argument.
template <auto Member, typename Target = typename MemberOf<decltype(Member)>::Class>
constexpr Keyword flag(std::string_view name) {
    return {.name = name, .apply = set<Member, true, Target>};
}

/// A keyword with an optional boolean.
template <auto Member, typename Target = typename MemberOf<decltype(Member)>::Class>
constexpr Keyword toggle(std::string_view name, std::string_view fallback = "off") {
    return {
        .name = name, .value = boolean(), .apply = store<Member, Target>, .arguments = "[BOOL]", .fallback = fallback};
}

/// A keyword with a text that nobody looks into.
template <auto Member, typename Target = typename MemberOf<decltype(Member)>::Class>
constexpr Keyword text(std::string_view name, Missing missing, std::string_view arguments,
                       Value::Type type = Value::Type::word) {
    return {
        .name = name, .missing = missing, .value = word(type), .apply = store<Member, Target>, .arguments = arguments};
}

/// A keyword with a number.
template <auto Member, typename Target = typename MemberOf<decltype(Member)>::Class>
constexpr Keyword amount(std::string_view name, Missing missing, Value value, std::string_view fallback,
                         std::string_view arguments = "N", std::string_view unit = {}) {
    return {.name = name,
            .missing = missing,
            .value = value,
            .apply = store<Member, Target>,
            .arguments = arguments,
            .fallback = fallback,
            .unit = unit};
}

constexpr Value integer_strict(std::int64_t min, std::uint64_t max) {
    return {.type = Value::Type::integer, .min = min, .max = max, .strict = true};
}

/// Stores the argument of a keyword that has to have exactly one, not an empty one.
template <auto Member, typename Target = typename MemberOf<decltype(Member)>::Class>
void store_only_word(Context& context, const Statement& statement) {
    if (statement.size() > 2 || statement[1].empty()) {
        context.error(statement, statement.size() - 1,
                      fmt::format("{} needs exactly one parameter - ignoring", statement.keyword.name));
        return;
    }
    context.draft.current<Target>().*Member = statement[1];
}

/// Deprecated spellings of which keepalived says so in its log only.
inline void note_deprecated(Context& context, const Statement& statement) {
    context.report.add(
        Severity::notice, Rank::none, context.prefix, statement.place(),
        fmt::format("{} is deprecated; please use {}", statement.keyword.name, statement.keyword.replaced_by));
}

}  // namespace sustain::parser
