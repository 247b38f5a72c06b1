#include "parser/text/sequence.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <limits>

#include "parser/text/characters.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kMaxNumbers = 63;

constexpr std::string_view kSpecification = "Invalid ~SEQ specification";
constexpr std::string_view kDefinition = "Invalid ~SEQ definition";

/// The numbers between the commas, and how many there are.
struct Numbers {
    std::array<std::int64_t, 3> values{};
    std::size_t count = 0;
};

/// As C reads them: sign, 0x or 0 for other bases, as near as possible to what does not fit. An empty one is 0.
std::optional<Numbers> read_numbers(const std::string& text) {
    Numbers numbers;
    const char* position = text.c_str();
    for (;;) {
        char* end = nullptr;
        if (numbers.count == numbers.values.size()) {
            return std::nullopt;
        }
        numbers.values[numbers.count++] = std::strtoll(position, &end, 0);
        while (is_blank(*end)) {
            ++end;
        }
        if (*end == '\0') {
            return numbers;
        }
        if (*end != ',') {
            return std::nullopt;
        }
        position = end + 1;
    }
}

/// How many steps from the one to the other, and one.
std::uint64_t count(std::int64_t start, std::int64_t step, std::int64_t end) {
    const bool up = step > 0;
    const std::uint64_t distance = up ? static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(start)
                                      : static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(end);
    const std::uint64_t width =
        up ? static_cast<std::uint64_t>(step) : std::uint64_t{0} - static_cast<std::uint64_t>(step);
    const std::uint64_t steps = distance / width;
    return steps == std::numeric_limits<std::uint64_t>::max() ? steps : steps + 1;
}

std::expected<void, std::string_view> set_range(const Numbers& numbers, Sequence& sequence) {
    const auto& values = numbers.values;
    const std::int64_t end = values[numbers.count - 1];
    if (numbers.count == 1) {
        sequence.start = end < 0 ? -1 : 1;
    } else {
        sequence.start = values[0];
    }
    sequence.step = numbers.count == 3 ? values[1] : end < sequence.start ? -1 : 1;
    if (sequence.hexadecimal && (sequence.start < 0 || end < 0)) {
        return std::unexpected("~SEQx is only valid for positive numbers");
    }
    if (sequence.step == 0 || (sequence.step > 0 && end < sequence.start) ||
        (sequence.step < 0 && end > sequence.start)) {
        if (sequence.step == 0 || end != sequence.start) {
            return std::unexpected("Invalid ~SEQ values");
        }
    }
    sequence.size = end == sequence.start ? 1 : count(sequence.start, sequence.step, end);
    return {};
}

}  // namespace

std::string Sequence::value(std::uint64_t round) const {
    const auto number =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + round * static_cast<std::uint64_t>(step));
    return hexadecimal ? fmt::format("{:x}", number) : std::to_string(number);
}

std::expected<ParsedSequence, std::string_view> parse_sequence(std::string_view text,
                                                               const ReplaceReferences& replace) {
    ParsedSequence result;
    text.remove_prefix(std::string_view("~SEQ").size());
    if (text.starts_with('x')) {
        result.sequence.hexadecimal = true;
        text.remove_prefix(1);
    }
    text = without_blanks(text);
    if (!text.starts_with('(')) {
        return std::unexpected(kSpecification);
    }
    text = without_blanks(text.substr(1));
    const std::string_view name = text.substr(0, text.find_first_of(" \t,)"));
    text = without_blanks(text.substr(name.size()));
    if (name.empty() || name.starts_with('{') || !text.starts_with(',')) {
        return std::unexpected(kDefinition);
    }
    result.sequence.name = name;
    text = without_blanks(text.substr(1));
    const auto close = text.find(')');
    if (close == std::string_view::npos) {
        return std::unexpected("~SEQ missing terminating ')'");
    }
    if (close + 1 > kMaxNumbers) {
        return std::unexpected("~SEQ parameter strings too long");
    }
    const auto numbers_text = replace(text.substr(0, close));
    if (!numbers_text) {
        return std::unexpected("~SEQ parameter is multiline definition");
    }
    const auto numbers = read_numbers(*numbers_text);
    if (!numbers) {
        return std::unexpected(kDefinition);
    }
    if (const auto set = set_range(*numbers, result.sequence); !set) {
        return std::unexpected(set.error());
    }
    result.text = without_blanks(text.substr(close + 1));
    return result;
}

}  // namespace sustain::parser
