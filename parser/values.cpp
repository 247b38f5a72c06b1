#include "parser/values.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <boost/spirit/home/x3.hpp>
#include <charconv>
#include <limits>

namespace sustain::parser {

namespace {

namespace x3 = boost::spirit::x3;

using Range = boost::iterator_range<const char*>;

std::string_view view(const Range& range) {
    return {range.begin(), static_cast<std::size_t>(range.end() - range.begin())};
}

/// Stores what a raw directive matched.
auto into(Range& target) {
    return [&target](auto& context) { target = x3::_attr(context); };
}

const auto blanks = x3::omit[*x3::char_(" \t\n\v\f\r")];

/// A number taken apart, so that every fault can be told from every other.
struct NumberText {
    char sign = 0;
    std::string_view whole;
    std::string_view fraction;
    bool complete = false;  ///< nothing is left of the word
};

NumberText parse_integer(std::string_view word) {
    Range sign;
    Range digits;
    const char* position = word.data();
    const char* const end = word.data() + word.size();
    x3::parse(position, end, blanks >> x3::raw[-x3::char_("+-")][into(sign)] >> x3::raw[*x3::digit][into(digits)]);
    return {
        .sign = sign.empty() ? '\0' : sign.front(), .whole = view(digits), .fraction = {}, .complete = position == end};
}

NumberText parse_decimal(std::string_view word) {
    Range sign;
    Range whole;
    Range fraction;
    const char* position = word.data();
    const char* const end = word.data() + word.size();
    x3::parse(position, end,
              blanks >> x3::raw[-x3::char_("+-")][into(sign)] >> x3::raw[*x3::digit][into(whole)] >>
                  -('.' >> x3::raw[*x3::digit][into(fraction)]));
    return {.sign = sign.empty() ? '\0' : sign.front(),
            .whole = view(whole),
            .fraction = view(fraction),
            .complete = position == end};
}

/// No value: more than 64 bits.
std::optional<std::uint64_t> digits_value(std::string_view digits) {
    std::uint64_t value = 0;
    if (!digits.empty() && std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) {
        return std::nullopt;
    }
    return value;
}

template <typename T>
Number<T> judge(T value, bool complete, Limits<T> limits) {
    const bool inside = value >= limits.min && value <= limits.max;
    return {.value = value,
            .fault = !complete ? NumberFault::junk
                     : !inside ? NumberFault::range
                               : NumberFault::none,
            .usable = inside};
}

struct BooleanWords : x3::symbols<bool> {
    BooleanWords() { add("on", true)("true", true)("yes", true)("off", false)("false", false)("no", false); }
};

}  // namespace

Number<std::int64_t> read_signed(std::string_view word, Limits<std::int64_t> limits) {
    const NumberText text = parse_integer(word);
    const auto magnitude = digits_value(text.whole);
    const std::uint64_t most = std::uint64_t{std::numeric_limits<std::int32_t>::max()} + (text.sign == '-' ? 1 : 0);
    const bool complete = text.complete && (!text.whole.empty() || word.empty());
    if (!magnitude || *magnitude > most) {
        return {.value = 0, .fault = complete ? NumberFault::overflow : NumberFault::junk, .usable = false};
    }
    const auto value = static_cast<std::int64_t>(*magnitude);
    return judge(text.sign == '-' ? -value : value, complete, limits);
}

Number<std::uint64_t> read_unsigned(std::string_view word, Limits<std::uint64_t> limits) {
    const NumberText text = parse_integer(word);
    if (text.sign == '-') {
        return {.value = 0, .fault = NumberFault::negative, .usable = false};
    }
    const auto value = digits_value(text.whole);
    const bool complete = text.complete && (!text.whole.empty() || word.empty());
    if (!value || *value > std::numeric_limits<std::uint32_t>::max()) {
        return {.value = 0, .fault = complete ? NumberFault::overflow : NumberFault::junk, .usable = false};
    }
    return judge(*value, complete, limits);
}

Number<std::uint64_t> read_decimal(std::string_view word, unsigned places, Limits<std::uint64_t> limits) {
    const NumberText text = parse_decimal(word);
    if (text.sign == '-') {
        return {.value = 0, .fault = NumberFault::negative, .usable = false};
    }
    if (!text.complete) {
        // the digits up to the junk count units of the last decimal
        std::string digits(text.whole);
        digits += text.fraction;
        const auto value = digits_value(digits);
        return value ? judge(*value, false, limits)
                     : Number<std::uint64_t>{.value = 0, .fault = NumberFault::junk, .usable = false};
    }
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max() - 1;
    const auto whole = digits_value(text.whole);
    bool fits = whole.has_value();
    std::uint64_t value = whole.value_or(0);
    for (unsigned place = 0; place < places && fits; ++place) {
        const auto digit = place < text.fraction.size() ? static_cast<unsigned>(text.fraction[place] - '0') : 0U;
        fits = value <= (kMax - digit) / 10;
        value = value * 10 + digit;
    }
    const bool rounded = text.fraction.size() > places;
    if (rounded && text.fraction[places] >= '5') {
        ++value;
    }
    if (!fits) {
        return {.value = 0, .fault = NumberFault::overflow, .usable = false};
    }
    auto result = judge(value, true, limits);
    if (rounded) {
        result.fault = NumberFault::too_many_decimals;
    }
    return result;
}

std::string describe(NumberFault fault, std::string_view word, std::string_view type, std::string_view range) {
    switch (fault) {
        case NumberFault::none: return {};
        case NumberFault::junk: return fmt::format("invalid number '{}'", word);
        case NumberFault::negative: return fmt::format("negative number '{}'", word);
        case NumberFault::overflow: return fmt::format("number '{}' outside {} range", word, type);
        case NumberFault::range: return fmt::format("number '{}' outside range [{}]", word, range);
        case NumberFault::too_many_decimals: return fmt::format("number '{}' has too many decimal places", word);
    }
    return {};
}

std::string format_decimal(std::uint64_t value, unsigned places) {
    std::uint64_t unit = 1;
    for (unsigned i = 0; i < places; ++i) {
        unit *= 10;
    }
    return places == 0 ? fmt::format("{}", value) : fmt::format("{}.{:0{}}", value / unit, value % unit, places);
}

std::string short_decimal(std::uint64_t value, unsigned places) {
    std::string text = format_decimal(value, places);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

core::Duration to_duration(std::uint64_t microseconds) {
    constexpr std::uint64_t kCentury = 100ULL * 366 * 24 * 3600 * 1'000'000;
    return core::Duration(static_cast<core::Duration::rep>(std::min(microseconds, kCentury)));
}

std::optional<bool> read_boolean(std::string_view word) {
    static const BooleanWords kWords;
    bool value = false;
    const char* position = word.data();
    if (x3::parse(position, word.data() + word.size(), kWords >> x3::eoi, value)) {
        return value;
    }
    return std::nullopt;
}

std::optional<std::int64_t> read_c_number(std::string_view word) {
    const auto hexadecimal = x3::no_case["0x"] >> x3::uint_parser<std::uint32_t, 16>();
    const auto octal = &x3::lit('0') >> x3::uint_parser<std::uint32_t, 8>();
    const auto decimal = x3::long_long;
    std::int64_t value = 0;
    const char* position = word.data();
    const char* const end = word.data() + word.size();
    const auto whole = [&](const auto& grammar) {
        position = word.data();
        return x3::parse(position, end, grammar >> x3::eoi, value);
    };
    if (whole(hexadecimal) || whole(octal) || (!word.starts_with('0') && whole(decimal))) {
        return value;
    }
    return std::nullopt;
}

std::optional<core::Address> read_server_address(std::string_view word) {
    return core::Address::parse(word.substr(0, word.find_first_of("/-")));
}

std::optional<std::uint32_t> read_netmask(std::string_view word) {
    in_addr mask{};
    if (word.empty() || inet_aton(std::string(word).c_str(), &mask) == 0) {
        return std::nullopt;
    }
    return ntohl(mask.s_addr);
}

AddressText split_prefix(std::string_view word) {
    const auto slash = word.find('/');
    if (slash == std::string_view::npos) {
        return {.address = word, .length = std::nullopt};
    }
    return {.address = word.substr(0, slash), .length = word.substr(slash + 1)};
}

}  // namespace sustain::parser
