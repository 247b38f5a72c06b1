#include "parser/keywords/line_options.hpp"

#include "parser/keywords/tables.hpp"

namespace sustain::parser {

void drop(Context& context, const Statement& statement, EntryLine& line, std::string_view message,
          std::string_view hint) {
    context.error(statement, line.at, message, hint);
    line.dropped = true;
}

void unknown_name(Context& context, const Statement& statement, std::size_t word, std::string_view message,
                  std::string_view hint) {
    const std::string_view text = statement[word];
    if (text.empty() || text.find_first_of("0123456789+-") == 0) {
        context.error(statement, word, message, hint);
    } else {
        context.environment_error(statement, word, Rank::general, message, hint);
    }
}

void drop_unknown(Context& context, const Statement& statement, EntryLine& line, std::string_view message) {
    unknown_name(context, statement, line.at, message);
    line.dropped = true;
}

bool to_argument(Context& context, const Statement& statement, EntryLine& line) {
    if (++line.at < statement.size()) {
        return true;
    }
    context.missing_parameter(statement, statement.size());
    line.dropped = true;
    return false;
}

std::optional<std::int64_t> line_number(Context& context, const Statement& statement, EntryLine& line) {
    const auto value = context.number(statement, line.at, statement.keyword.value);
    line.dropped |= !value;
    return value;
}

std::optional<std::uint64_t> line_number64(Context& context, const Statement& statement, EntryLine& line) {
    const std::string_view word = statement[line.at];
    const auto number = read_unsigned64(word);
    if (number.fault == NumberFault::none) {
        return number.value;
    }
    context.error(statement, line.at, Rank::number, describe(number.fault, word, "unsigned 64 bit", ""),
                  fmt::format("{} takes a number from 0 to 18446744073709551615", statement.keyword.name));
    line.dropped = true;
    return std::nullopt;
}

std::optional<std::uint32_t> kernel_number(Context& context, std::string_view word, KernelNames::Kind kind) {
    const core::FileSettings& files = context.draft.config.global.files;
    KernelNames::Folders folders;
    folders.etc = files.iproute_etc.empty() ? folders.etc : files.iproute_etc;
    folders.usr = files.iproute_usr.empty() ? folders.usr : files.iproute_usr;
    return context.draft.kernel_names.find(kind, word, folders, context.environment);
}

std::optional<std::uint32_t> read_realms(Context& context, std::string_view word) {
    constexpr unsigned kSourceShift = 16;
    const auto slash = word.find('/');
    const auto first = kernel_number(context, word.substr(0, slash), KernelNames::Kind::realm);
    if (slash == std::string_view::npos || !first) {
        return first;
    }
    const auto second = kernel_number(context, word.substr(slash + 1), KernelNames::Kind::realm);
    return second ? std::optional(*first << kSourceShift | *second) : std::nullopt;
}

std::optional<core::Prefix> read_prefix(Context& context, const Statement& statement, std::size_t word) {
    const AddressText text = split_prefix(statement[word]);
    const auto address = core::Address::parse(text.address);
    if (!address) {
        return std::nullopt;
    }
    core::Prefix prefix{*address, address->bits()};
    if (text.length) {
        const ast::Word length{*text.length};
        const Statement part{statement.keyword, {&length, 1}, statement.line};
        const Value range = number(0, address->bits(), false, address->bits());
        prefix.length = static_cast<std::uint8_t>(*context.number(part, 0, range));
    }
    return prefix;
}

std::optional<Destination> read_destination(Context& context, const Statement& statement, std::size_t word) {
    const std::string_view text = statement[word];
    if (text == "default" || text == "any" || text == "all") {
        return Destination{.family = std::nullopt, .prefix = {core::Address(), 0}};
    }
    if (text == "default6") {
        static constexpr std::uint8_t kAny[16] = {};
        context.report.add(Severity::notice, Rank::none, context.prefix, statement.place(word),
                           "default6 is deprecated: write inet6 and default, or ::/0");
        return Destination{.family = core::Address::Family::ipv6, .prefix = {core::Address(kAny), 0}};
    }
    const auto prefix = read_prefix(context, statement, word);
    if (!prefix) {
        return std::nullopt;
    }
    return Destination{.family = prefix->address.family(), .prefix = *prefix};
}

bool read_interface(Context& context, const Statement& statement, EntryLine& line, std::string& target,
                    std::string_view user) {
    constexpr std::size_t kLongest = 15;
    const std::string_view name = statement[line.at];
    if (name.size() > kLongest) {
        drop(context, statement, line, fmt::format("Interface name '{}' too long - ignoring", name),
             "interface names have at most 15 bytes");
        return false;
    }
    if (context.interface(name) == nullptr) {
        context.missing_interface(statement, line.at,
                                  fmt::format("WARNING - interface {} for {} doesn't exist", name, user));
    }
    target = name;
    return true;
}

bool read_track_group(Context& context, const Statement& statement, const EntryLine& line, std::string& target) {
    const std::string_view name = statement[line.at];
    if (!target.empty()) {
        context.error(statement, line.at, fmt::format("track_group {} is a duplicate", name));
        return false;
    }
    if (!context.draft.track_group_names.contains(std::string(name))) {
        context.error(statement, line.at, fmt::format("track_group {} not found", name),
                      "a track_group has to stand before the line that names it");
        return true;
    }
    target = name;
    return true;
}

}  // namespace sustain::parser
