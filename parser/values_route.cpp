#include "parser/values_route.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <string>

namespace sustain::parser {

namespace {

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

std::string_view without_blanks(std::string_view word) {
    const auto first = word.find_first_not_of(" \t\n\v\f\r");
    return first == std::string_view::npos ? std::string_view() : word.substr(first);
}

/// What strtoul(3) makes of a word; negative values wrap.
struct CNumber {
    std::uint64_t value = 0;
    bool overflow = false;
    std::size_t length = 0;  ///< read of the word
};

CNumber c_number(std::string_view word, int base) {
    const std::string text(word.substr(0, word.find('\0')));
    char* end = nullptr;
    errno = 0;
    const std::uint64_t value = std::strtoull(text.c_str(), &end, base);
    return {.value = value, .overflow = errno == ERANGE, .length = static_cast<std::size_t>(end - text.c_str())};
}

}  // namespace

Number<std::uint64_t> read_unsigned64(std::string_view word) {
    constexpr int kDecimal = 10;
    if (without_blanks(word).starts_with('-')) {
        return {.value = 0, .fault = NumberFault::negative, .usable = false};
    }
    const CNumber number = c_number(word, kDecimal);
    if (number.length != word.size()) {
        return {.value = 0, .fault = NumberFault::junk, .usable = false};
    }
    return {.value = number.value,
            .fault = number.overflow ? NumberFault::overflow : NumberFault::none,
            .usable = !number.overflow};
}

Number<std::uint64_t> read_c_unsigned(std::string_view word) {
    if (without_blanks(word).starts_with('-')) {
        return {.value = 0, .fault = NumberFault::negative, .usable = false};
    }
    const CNumber number = c_number(word, 0);
    if (number.length != word.size()) {
        return {.value = 0, .fault = NumberFault::junk, .usable = false};
    }
    const bool fits = !number.overflow && number.value <= kMax32;
    return {.value = number.value, .fault = fits ? NumberFault::none : NumberFault::overflow, .usable = fits};
}

std::optional<std::uint32_t> read_kernel_number(std::string_view word) {
    const CNumber number = c_number(word, 0);
    if (word.empty() || number.length != word.size()) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(number.value);
}

std::optional<Mark> read_mark(std::string_view word) {
    const auto slash = word.find('/');
    const auto mark = read_c_unsigned(word.substr(0, slash));
    if (mark.fault != NumberFault::none) {
        return std::nullopt;
    }
    Mark result{.mark = static_cast<std::uint32_t>(mark.value), .mask = std::nullopt};
    if (slash != std::string_view::npos) {
        const std::string_view rest = word.substr(slash + 1);
        const auto mask = read_c_unsigned(rest);
        if (mask.fault != NumberFault::none || without_blanks(rest).size() != rest.size()) {
            return std::nullopt;
        }
        result.mask = static_cast<std::uint32_t>(mask.value);
    }
    return result;
}

std::optional<NumberPair> read_number_pair(std::string_view word) {
    constexpr int kDecimal = 10;
    const CNumber first = c_number(word, kDecimal);
    if (first.length == 0 || first.length == word.size() || word[first.length] != '-') {
        return std::nullopt;
    }
    const CNumber last = c_number(word.substr(first.length + 1), kDecimal);
    if (last.length == 0) {
        return std::nullopt;
    }
    return NumberPair{.first = static_cast<std::uint32_t>(first.value), .last = static_cast<std::uint32_t>(last.value)};
}

RouteTime read_route_time(std::string_view word, std::uint32_t units_per_millisecond) {
    struct Unit {
        std::string_view name;
        bool seconds;
    };
    static constexpr Unit kUnits[] = {{"msecs", false}, {"msec", false}, {"ms", false},
                                      {"secs", true},   {"sec", true},   {"s", true}};
    constexpr std::uint64_t kLeast = 200;
    constexpr std::uint64_t kMost = 120'000;
    const auto ends_with = [word](std::string_view name) {
        return word.size() >= name.size() &&
               std::ranges::equal(word.substr(word.size() - name.size()), name, [](char a, char b) {
                   return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
               });
    };
    const auto* const unit = std::ranges::find_if(kUnits, ends_with, &Unit::name);
    RouteTime time;
    time.number = unit == std::end(kUnits) ? word : word.substr(0, word.size() - unit->name.size());
    time.exponential = time.number.find_first_of("eE") != std::string_view::npos;
    if (time.number.empty() && unit != std::end(kUnits)) {
        time.fault = NumberFault::junk;
        return time;
    }
    const unsigned places = unit != std::end(kUnits) && unit->seconds ? 3 : 0;
    const auto number = read_decimal(time.number, places, {0, std::numeric_limits<std::uint64_t>::max() - 1});
    time.fault = number.fault;
    const std::uint64_t least = kLeast * units_per_millisecond;
    const std::uint64_t most = kMost * units_per_millisecond;
    const std::uint64_t step = unit == std::end(kUnits) ? 1 : units_per_millisecond;
    time.below = number.value < (least + step - 1) / step;
    time.above = number.value > most / step;
    time.value = static_cast<std::uint32_t>(time.below ? least : time.above ? most : number.value * step);
    return time;
}

std::vector<std::uint32_t> read_mpls_labels(std::string_view word) {
    constexpr std::uint64_t kHighest = 0xfffff;
    constexpr std::size_t kMost = 2;
    std::vector<std::uint32_t> labels;
    for (bool more = true; more;) {
        const auto slash = word.find('/');
        const std::string_view label = word.substr(0, slash);
        const auto value = read_c_unsigned(label);
        if (label.empty() || value.fault != NumberFault::none || value.value > kHighest || labels.size() == kMost) {
            return {};
        }
        labels.push_back(static_cast<std::uint32_t>(value.value));
        more = slash != std::string_view::npos;
        word.remove_prefix(more ? slash + 1 : word.size());
    }
    return labels;
}

std::optional<std::uint64_t> read_ila_locator(std::string_view word) {
    constexpr int kHexadecimal = 16;
    constexpr int kGroups = 4;
    std::uint64_t locator = 0;
    for (int group = 0; group < kGroups; ++group) {
        const auto colon = word.find(':');
        const bool last = group == kGroups - 1;
        if (last != (colon == std::string_view::npos)) {
            return std::nullopt;
        }
        const std::string_view digits = word.substr(0, colon);
        const CNumber number = c_number(digits, kHexadecimal);
        if (digits.empty() || number.length != digits.size() || number.value > 0xffff || digits[0] == '-') {
            return std::nullopt;
        }
        locator = locator << 16 | number.value;
        word.remove_prefix(last ? word.size() : colon + 1);
    }
    return locator;
}

}  // namespace sustain::parser
