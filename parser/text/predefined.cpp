#include "parser/text/predefined.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "parser/text/characters.hpp"

namespace sustain::parser {

namespace {

using Arguments = std::vector<std::string_view>;

std::string working_directory(const Arguments&, const Surroundings& surroundings, std::string&) {
    std::error_code error;
    const auto path = surroundings.directory.empty() ? std::filesystem::current_path(error)
                                                     : std::filesystem::canonical(surroundings.directory, error);
    return error ? std::string(surroundings.directory) : path.string();
}

std::string instance(const Arguments&, const Surroundings& surroundings, std::string&) {
    return std::string(surroundings.config_id);
}

/// Digits; what does not fit is as large as can be.
std::uint64_t number(std::string_view digits) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() ? value : std::numeric_limits<std::uint64_t>::max();
}

std::string random(const Arguments& arguments, const Surroundings& surroundings, std::string& problem) {
    constexpr std::uint64_t kDefaultMax = 32767;
    const std::uint64_t min = arguments.empty() ? 0 : number(arguments[0]);
    std::uint64_t max = arguments.size() < 2 ? kDefaultMax : number(arguments[1]);
    if (min > max) {
        problem = fmt::format("${{_RANDOM}}: min {} exceeds max {}, using {}", min, max, min);
        max = min;
    }
    return std::to_string(surroundings.random.draw(min, max));
}

std::string environment(const Arguments& arguments, const Surroundings&, std::string&) {
    const char* const value = std::getenv(std::string(arguments[0]).c_str());
    return value != nullptr ? value : "";
}

std::string hash(const Arguments&, const Surroundings&, std::string&) {
    return "#";
}
std::string bang(const Arguments&, const Surroundings&, std::string&) {
    return "!";
}

struct Row {
    std::string_view name;
    std::size_t least = 0;  ///< arguments
    std::size_t most = 0;
    bool numeric = false;
    std::string (*value)(const Arguments&, const Surroundings&, std::string& problem) = nullptr;
};

constexpr std::array kRows = {
    Row{.name = "_PWD", .value = working_directory},
    Row{.name = "_INSTANCE", .value = instance},
    Row{.name = "_RANDOM", .most = 2, .numeric = true, .value = random},
    Row{.name = "_ENV", .least = 1, .most = 1, .value = environment},
    Row{.name = "_HASH", .value = hash},
    Row{.name = "_BANG", .value = bang},
};

Arguments split(std::string_view text) {
    Arguments result;
    for (text = without_blanks(text); !text.empty(); text = without_blanks(text)) {
        const auto size = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin());
        result.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return result;
}

bool is_number(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

PredefinedValue predefined(const Reference& reference, const Surroundings& surroundings) {
    const auto* const row = std::find_if(kRows.begin(), kRows.end(),
                                         [&](const Row& candidate) { return candidate.name == reference.name; });
    if (row == kRows.end()) {
        return {};
    }
    const Arguments arguments = split(reference.arguments);
    if (row->most == 0 && !arguments.empty()) {
        return {};
    }
    if (arguments.size() < row->least || arguments.size() > row->most) {
        return {std::nullopt, fmt::format("Definition {} requires between {} and {} parameters, {} specified.",
                                          row->name, row->least, row->most, arguments.size())};
    }
    if (row->numeric && !std::all_of(arguments.begin(), arguments.end(), is_number)) {
        return {std::nullopt, fmt::format("Definition {} requires numeric parameters only.", row->name)};
    }
    PredefinedValue result;
    std::string value = row->value(arguments, surroundings, result.problem);
    std::replace(value.begin(), value.end(), '\n', ' ');  // between words that is the same, and a line stays one
    result.value = std::move(value);
    return result;
}

}  // namespace sustain::parser
