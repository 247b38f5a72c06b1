// The actions that most rows of the keyword tables need: store the argument in a member of the open draft.
#pragma once

#include <fmt/format.h>

#include <fmt/format.h>

#include <optional>
#include <string>
#include <type_traits>

#include "core/time.hpp"
#include "parser/context.hpp"

namespace sustain::parser {

template <typename T>
struct MemberOf;
template <typename Owner_, typename T>
struct MemberOf<T Owner_::*> {
    using Class = Owner_;
    using Type = T;
};

template <typename T>
struct WithoutOptional {
    using Type = T;
};
template <typename T>
struct WithoutOptional<std::optional<T>> {
    using Type = T;
};

/// Stores the first argument in a member of the open draft, read as the row says. Target: the draft, where the member
/// is one of a base of it.
template <auto Member, typename Target = typename MemberOf<decltype(Member)>::Class>
void store(Context& context, const Statement& statement) {
    auto& member = context.draft.current<Target>().*Member;
    using Type = typename WithoutOptional<std::remove_reference_t<decltype(member)>>::Type;
    if constexpr (std::is_same_v<Type, std::string>) {
        member = statement[1];
    } else if constexpr (std::is_same_v<Type, bool>) {
        if (const std::optional<bool> value = context.boolean(statement); value.has_value()) {
            member = value.value();
        }
    } else if (const auto value = context.number(statement, 1, statement.keyword.value)) {
        if constexpr (std::is_same_v<Type, core::Duration>) {
            // whole seconds where the row wants an integer
            member = statement.keyword.value.type == Value::Type::decimal
                         ? Type(*value)
                         : std::chrono::duration_cast<Type>(std::chrono::seconds(*value));
        } else {
            member = static_cast<Type>(*value);
        }
    }
}

/// Stores a text of which there should be one only: another one is reported and replaces it. Member: optional.
template <auto Member, typename Target = typename MemberOf<decltype(Member)>::Class>
void replace(Context& context, const Statement& statement) {
    std::optional<std::string>& member = context.draft.current<Target>().*Member;
    if (member.has_value()) {
        context.error(statement, 0, fmt::format("{} already specified - replacing", statement.keyword.name),
                      "the last one counts");
    }
    member = statement[1];
}

/// A keyword whose row says what has replaced it.
inline void report_deprecated(Context& context, const Statement& statement) {
    const Keyword& keyword = statement.keyword;
    context.error(statement, 0, Rank::deprecated,
                  fmt::format("Keyword \"{}\" is deprecated - please use \"{}\"", keyword.name, keyword.replaced_by));
}

/// For keywords without argument.
template <auto Member, bool Value, typename Target = typename MemberOf<decltype(Member)>::Class>
void set(Context& context, const Statement&) {
    context.draft.current<Target>().*Member = Value;
}

}  // namespace sustain::parser
