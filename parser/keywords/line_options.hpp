// What the options of address, route and rule lines share. Their actions get the whole line, with the row of the option
// as keyword; the draft says which word it is, and the option moves that to its last argument.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "parser/actions.hpp"
#include "parser/values_route.hpp"

namespace sustain::parser {

/// The entry is of no use, which is said at the word that is read.
void drop(Context& context, const Statement& statement, EntryLine& line, std::string_view message,
          std::string_view hint = {});

/// A word is neither a number in range nor a name that this machine's files have; a name may be known to another one's.
void unknown_name(Context& context, const Statement& statement, std::size_t word, std::string_view message,
                  std::string_view hint = {});
/// The same, and the entry is of no use for it.
void drop_unknown(Context& context, const Statement& statement, EntryLine& line, std::string_view message);

/// Moves on to the argument of the option. False: there is none, which ends the process (class F).
[[nodiscard]] bool to_argument(Context& context, const Statement& statement, EntryLine& line);

/// The number at the word that is read, as the row wants it. A bad one drops the entry.
[[nodiscard]] std::optional<std::int64_t> line_number(Context& context, const Statement& statement, EntryLine& line);
/// The same for 64 bits.
[[nodiscard]] std::optional<std::uint64_t> line_number64(Context& context, const Statement& statement, EntryLine& line);

/// The number or name at the word that is read.
[[nodiscard]] std::optional<std::uint32_t> kernel_number(Context& context, std::string_view word,
                                                         KernelNames::Kind kind);
/// "REALM[/REALM]": source << 16 | destination.
[[nodiscard]] std::optional<std::uint32_t> read_realms(Context& context, std::string_view word);

/// ADDRESS[/LENGTH]; a bad length is reported and stands for all bits, text for 0 (spec/routes-rules.md 1.2). No value:
/// it is no address.
[[nodiscard]] std::optional<core::Prefix> read_prefix(Context& context, const Statement& statement, std::size_t word);

/// What `from`, `to` and the destination of a route may be (spec/routes-rules.md 1.3).
struct Destination {
    std::optional<core::Address::Family> family;  ///< none: as the line
    core::Prefix prefix;
};
[[nodiscard]] std::optional<Destination> read_destination(Context& context, const Statement& statement,
                                                          std::size_t word);

/// The interface at the word that is read; false: there is none, which drops the entry unless interfaces are dynamic.
/// User: what the interface is for, in the complaint.
[[nodiscard]] bool read_interface(Context& context, const Statement& statement, EntryLine& line, std::string& target,
                                  std::string_view user);

/// The group at the word that is read. False: there is one already.
[[nodiscard]] bool read_track_group(Context& context, const Statement& statement, const EntryLine& line,
                                    std::string& target);

/// Stores the numeric argument of the option that the row describes.
template <auto Member>
void store_option(Context& context, const Statement& statement) {
    auto& draft = draft_of(context.draft, Open<typename MemberOf<decltype(Member)>::Class>());
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (const auto value = line_number(context, statement, draft)) {
        auto& member = draft.value.*Member;
        member = static_cast<typename WithoutOptional<std::remove_reference_t<decltype(member)>>::Type>(*value);
    }
}

/// For options without argument.
template <auto Member, auto Value>
void set_option(Context& context, const Statement&) {
    draft_of(context.draft, Open<typename MemberOf<decltype(Member)>::Class>()).value.*Member = Value;
}

/// Stores a number or name of the kernel. Complaint: with {} for the word that is neither.
template <auto Member, KernelNames::Kind Kind>
void store_name(Context& context, const Statement& statement, fmt::format_string<std::string_view> complaint) {
    auto& draft = draft_of(context.draft, Open<typename MemberOf<decltype(Member)>::Class>());
    if (!to_argument(context, statement, draft)) {
        return;
    }
    if (const auto value = kernel_number(context, statement[draft.at], Kind)) {
        auto& member = draft.value.*Member;
        member = static_cast<typename WithoutOptional<std::remove_reference_t<decltype(member)>>::Type>(*value);
    } else {
        drop_unknown(context, statement, draft, fmt::format(complaint, statement[draft.at]));
    }
}

/// Rows of options: what there is to describe of every one.
constexpr Keyword flag_option(std::string_view name, Action apply) {
    return not_yet({.name = name, .kind = Kind::option, .apply = apply});
}
constexpr Keyword value_option(std::string_view name, std::string_view arguments, Value value, Action apply) {
    return not_yet({.name = name,
                    .kind = Kind::option_argument,
                    .missing = Missing::fatal,
                    .value = value,
                    .apply = apply,
                    .arguments = arguments});
}
constexpr Keyword synonym(std::string_view name, std::string_view of, Keyword keyword) {
    keyword.name = name;
    keyword.replaced_by = of;
    return keyword;
}
constexpr Keyword with_fallback(Keyword keyword, std::string_view fallback) {
    keyword.fallback = fallback;
    return keyword;
}
constexpr Keyword inheriting(Keyword keyword, std::string_view from) {
    keyword.inherits = from;
    return keyword;
}
constexpr Keyword in_unit(Keyword keyword, std::string_view unit) {
    keyword.unit = unit;
    return keyword;
}

}  // namespace sustain::parser
