#include "parser/context.hpp"

#include <fmt/format.h>

#include "parser/values.hpp"

namespace sustain::parser {

namespace {

constexpr unsigned kPlaces = 6;

/// A fault and what stands for the number then.
struct Outcome {
    NumberFault fault = NumberFault::none;
    std::int64_t value = 0;
    bool usable = true;
    std::string_view type;
};

Outcome read(std::string_view word, const Value& value) {
    switch (value.type) {
        case Value::Type::integer: {
            const auto read = read_signed(word, {value.min, static_cast<std::int64_t>(value.max)});
            return {read.fault, read.value, read.usable, "integer"};
        }
        case Value::Type::decimal: {
            const auto read = read_decimal(word, kPlaces, {static_cast<std::uint64_t>(value.min), value.max});
            return {read.fault, to_duration(read.value).count(), read.usable, "unsigned decimal"};
        }
        default: {
            const auto read = read_unsigned(word, {static_cast<std::uint64_t>(value.min), value.max});
            return {read.fault, static_cast<std::int64_t>(read.value), read.usable, "unsigned integer"};
        }
    }
}

std::string write_number(std::int64_t number, Value::Type type) {
    return type == Value::Type::decimal ? short_decimal(static_cast<std::uint64_t>(number), kPlaces)
                                        : std::to_string(number);
}

std::string range_of(const Value& value) {
    return value.type == Value::Type::decimal ? format_decimal(static_cast<std::uint64_t>(value.min), kPlaces) + ", " +
                                                    format_decimal(value.max, kPlaces)
                                              : fmt::format("{}, {}", value.min, value.max);
}

}  // namespace

void Context::error(const Statement& statement, std::size_t word, Rank rank, std::string_view message,
                    std::string_view hint) {
    const std::string_view choices = statement.keyword.value.choices;
    const bool wrong_choice = word == 1 && word < statement.size() && !choices.empty() && report.keeps(Severity::error);
    report.error(rank, prefix, statement.place(std::min(word, statement.size() - 1)), message,
                 wrong_choice ? hint_for_choice(statement[1], choices, hint) : std::string(hint));
}

void Context::environment_error(const Statement& statement, std::size_t word, Rank rank, std::string_view message,
                                std::string_view hint) {
    report.environment_error(rank, prefix, statement.place(std::min(word, statement.size() - 1)), message, hint);
}

void Context::unsupported(const Statement& statement, std::size_t word, std::string_view message) {
    report.add(Severity::warning, Rank::none, prefix, statement.place(std::min(word, statement.size() - 1)), message);
}

void Context::unsupported(const Statement& statement, const Keyword& keyword) {
    if (!said_.insert(&keyword).second) {
        return;
    }
    const std::string_view effect =
        keyword.kind == Kind::block && keyword.table == nullptr ? "the block is skipped" : "it has no effect";
    unsupported(statement, 0,
                fmt::format("{} is not supported yet: {}", keyword.name, keyword.note.empty() ? effect : keyword.note));
}

void Context::unsupported(const Place& place, std::string_view message) {
    report.add(Severity::warning, Rank::none, Prefix::file_line, place, message);
}

const Interface* Context::interface(std::string_view name) {
    auto found = interfaces_.find(name);
    if (found == interfaces_.end()) {
        found = interfaces_.try_emplace(std::string(name)).first;
        if (environment.interface_exists(found->first)) {
            found->second = environment.interface(found->first);
        }
    }
    return found->second ? &*found->second : nullptr;
}

std::string Context::hint_for_unknown(std::string_view word, const BlockTable& table) const {
    return report.keeps(Severity::error) ? parser::hint_for_unknown(word, table) : std::string();
}

void Context::missing_interface(const Statement& statement, std::size_t word, std::string complaint) {
    draft.missing_interfaces.push_back({statement.place(word), std::move(complaint)});
}

void Context::adjusted(const Place& block, std::string_view keyword, std::string value, std::string_view why) {
    if (record != nullptr) {
        record->adjust(block.location, {std::string(keyword), std::move(value), std::string(why)});
    }
}

void Context::left_out(const Place& block, std::string_view why) {
    if (record != nullptr) {
        record->leave_out(block.location, why);
    }
}

void Context::missing_parameter(const Statement& statement, std::size_t word) {
    const std::string_view first = statement[0];
    const std::string_view last = statement.words.back().text;
    error(statement, statement.size() - 1, Rank::missing_parameter,
          fmt::format("*** Configuration line starting `{}` is missing a parameter after keyword `{}` at word position "
                      "{}",
                      first, last, word + 1));
    (owner == Owner::global ? missing_early : missing_late) = true;
    (owner == Owner::vrrp ? vrrp_fatal : owner == Owner::checker ? checker_fatal : parent_fatal) = 2;
}

std::optional<std::int64_t> Context::number(const Statement& statement, std::size_t word, const Value& value) {
    const std::string_view text = statement[word];
    const Outcome read = parser::read(text, value);
    if (read.fault == NumberFault::none) {
        return read.value;
    }
    const bool lenient = !strict && !value.strict && read.fault == NumberFault::junk && read.usable;
    const bool rounded = read.fault == NumberFault::too_many_decimals && read.usable;
    error(statement, word, Rank::number,
          (lenient ? "WARNING - " : "") + describe(read.fault, text, read.type, range_of(value)),
          fmt::format("{} takes {} from {}", statement.keyword.name,
                      value.type == Value::Type::decimal ? "seconds" : "a number", [&] {
                          std::string range = range_of(value);
                          range.replace(range.find(", "), 2, " to ");
                          return range;
                      }()));
    const auto used = lenient || rounded ? std::optional(read.value)
                      : value.otherwise  ? std::optional<std::int64_t>(*value.otherwise)
                                         : std::nullopt;
    if (used && record != nullptr) {
        record->counts_as(word, write_number(*used, value.type));
    }
    return used;
}

std::optional<bool> Context::boolean(const Statement& statement) {
    if (statement.size() < 2) {
        return true;
    }
    const auto value = read_boolean(statement[1]);
    if (!value) {
        error(statement, 1, fmt::format("Invalid {} parameter {}", statement.keyword.name, statement[1]),
              "on, true, yes, off, false or no");
    }
    return value;
}

}  // namespace sustain::parser
