#include "parser/effective.hpp"

#include <algorithm>
#include <charconv>

#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

constexpr unsigned kPlaces = 6;

bool says_off(std::string_view value) {
    return value.empty() || value == "off" || value == "no" || value == "false";
}

std::string number_as_written(const Value& value, std::string_view word) {
    switch (value.type) {
        case Value::Type::integer: {
            const auto read = read_signed(word, {value.min, static_cast<std::int64_t>(value.max)});
            return read.fault == NumberFault::none ? std::to_string(read.value) : std::string(word);
        }
        case Value::Type::unsigned_integer: {
            const auto read = read_unsigned(word, {static_cast<std::uint64_t>(value.min), value.max});
            return read.fault == NumberFault::none ? std::to_string(read.value) : std::string(word);
        }
        default: {
            const auto read = read_decimal(word, kPlaces, {static_cast<std::uint64_t>(value.min), value.max});
            return read.fault == NumberFault::none ? short_decimal(read.value, kPlaces) : std::string(word);
        }
    }
}

/// The choice in the letters of the table: some keywords take any case.
std::string_view as_listed(std::string_view word, std::string_view choices) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (std::size_t at = 0; at < choices.size();) {
        const std::string_view choice = choices.substr(at, choices.substr(at).find(' '));
        if (std::ranges::equal(word, choice, {}, lower, lower)) {
            return choice;
        }
        at += choice.size() + 1;
    }
    return word;
}

}  // namespace

std::string normalised(const Keyword& keyword, std::string_view arguments) {
    const auto end = std::min(arguments.find(' '), arguments.size());
    const std::string_view first = arguments.substr(0, end);
    const std::string_view rest = arguments.substr(end);
    switch (keyword.value.type) {
        case Value::Type::boolean:
            if (arguments.empty()) {
                return "on";
            }
            if (const auto value = read_boolean(first)) {
                return (*value ? "on" : "off") + std::string(rest);
            }
            break;
        case Value::Type::integer:
        case Value::Type::unsigned_integer:
        case Value::Type::decimal:
            if (!first.empty() && !first.starts_with('"')) {
                return number_as_written(keyword.value, first) + std::string(rest);
            }
            break;
        case Value::Type::choice: return std::string(as_listed(first, keyword.value.choices)) + std::string(rest);
        default: break;
    }
    return std::string(arguments);
}

const Keyword& canonical(const Keyword& keyword, const BlockTable& table) {
    const Keyword* const other = keyword.replaced_by.empty() ? nullptr : table.find(keyword.replaced_by);
    return other != nullptr && other->kind == keyword.kind ? *other : keyword;
}

Effects::Effects(const Record& record) : record_(record) {
    for (const Written& block : record.written()) {
        if (block.keyword != nullptr && block.keyword->name == "global_defs") {
            if (globals_.keyword == nullptr) {
                globals_.location = block.location;
            }
            globals_.keyword = block.keyword;
            globals_.inside.insert(globals_.inside.end(), block.inside.begin(), block.inside.end());
        }
    }
}

std::optional<Effective> Effects::own_value(const Keyword& keyword, const Scope& scope) const {
    const auto& adjustments = record_.adjustments(*scope.block);
    const auto adjusted = std::find_if(adjustments.rbegin(), adjustments.rend(),
                                       [&](const Adjustment& its) { return its.keyword == keyword.name; });
    const auto& inside = scope.block->inside;
    const auto counts = [&](const Written& its) {
        return its.keyword != nullptr && its.use == Written::Use::counts &&
               &canonical(*its.keyword, *scope.table) == &keyword;
    };
    const auto last = std::find_if(inside.rbegin(), inside.rend(), counts);
    const Written* const written = last != inside.rend() ? &*last : nullptr;
    if (adjusted != adjustments.rend()) {
        return Effective{.origin = Effective::Origin::adjusted,
                         .arguments = adjusted->value,
                         .written = written,
                         .remark = adjusted->why,
                         .off = says_off(adjusted->value) && keyword.value.type != Value::Type::boolean};
    }
    if (written == nullptr) {
        return std::nullopt;
    }
    return Effective{.origin = Effective::Origin::written,
                     .arguments = normalised(keyword, written->arguments),
                     .written = written,
                     .remark = written->remark};
}

std::optional<Effective> Effects::value(const Keyword& keyword, std::span<const Scope> scopes) const {
    if (!scopes.empty() && scopes.back().block != nullptr) {
        if (auto own = own_value(keyword, scopes.back())) {
            return own;
        }
    }
    const bool depends = keyword.fallback.find(';') != std::string_view::npos;
    auto from_elsewhere = inherited(keyword, scopes);
    const bool only_default = from_elsewhere && from_elsewhere->origin == Effective::Origin::fallback;
    if (keyword.fallback.empty() || (from_elsewhere && !only_default)) {  // its own default knows better than another's
        if (from_elsewhere) {
            from_elsewhere->off = depends;  // written out, it would count where it now does not
        }
        return from_elsewhere;
    }
    return Effective{
        .origin = Effective::Origin::fallback,
        .arguments = std::string(keyword.fallback),
        .remark = depends ? keyword.fallback.substr(keyword.fallback.find_first_not_of("; ")) : std::string_view(),
        .off = depends};
}

/// From global_defs or from a block around this one, which may inherit it itself: what is written somewhere before what
/// is a default everywhere.
std::optional<Effective> Effects::inherited(const Keyword& keyword, std::span<const Scope> scopes) const {
    constexpr std::string_view kSeparator = ", ";
    std::optional<Effective> first;
    for (std::string_view sources = keyword.inherits; !sources.empty();) {
        const std::string_view source = sources.substr(0, sources.find(kSeparator));
        sources.remove_prefix(std::min(source.size() + kSeparator.size(), sources.size()));
        auto result = from(source, scopes);
        if (!result || result->off) {
            continue;
        }
        if (result->origin != Effective::Origin::fallback) {
            if (result->origin != Effective::Origin::inherited) {
                result->remark = source;
            }
            result->origin = Effective::Origin::inherited;
            return result;
        }
        first = first ? std::move(first) : std::move(result);
    }
    return first;
}

/// Source: "global_defs/KEYWORD" or "BLOCK/KEYWORD" of a block around the innermost one.
std::optional<Effective> Effects::from(std::string_view source, std::span<const Scope> scopes) const {
    const auto slash = std::min(source.rfind('/'), source.size());
    const std::string_view path = source.substr(0, slash);
    const std::string_view name = source.substr(std::min(slash + 1, source.size()));
    if (path == global_defs_table().path()) {
        const Scope globals{&globals_, &global_defs_table()};
        const Keyword* const row = globals.table->find(name);
        return row != nullptr ? value(*row, {&globals, 1}) : std::nullopt;
    }
    for (std::size_t i = 0; i + 1 < scopes.size(); ++i) {
        const Keyword* const row = scopes[i].table->path() == path ? scopes[i].table->find(name) : nullptr;
        if (row != nullptr) {
            return value(*row, scopes.first(i + 1));
        }
    }
    return std::nullopt;
}

}  // namespace sustain::parser
