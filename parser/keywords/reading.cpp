#include "parser/keywords/reading.hpp"

#include <fmt/format.h>

namespace sustain::parser {

namespace {

/// The flag with this name; null: there is none.
bool* flag(IncludeChecks& checks, std::string_view name) {
    return name == "read"             ? &checks.read
           : name == "match"          ? &checks.match
           : name == "wildcard_match" ? &checks.wildcard_match
           : name == "brace_match"    ? &checks.brace_match
                                      : nullptr;
}

}  // namespace

void set_include_check(Context& context, const Statement& statement) {
    if (context.text_settings == nullptr) {
        return;
    }
    IncludeChecks& checks = context.text_settings->include_checks;
    if (statement.size() < 2) {
        checks = {true, true, true, true};
        return;
    }
    for (std::size_t i = 1; i < statement.size(); ++i) {
        std::string_view name = statement[i];
        const bool add = name.starts_with('+');
        const bool remove = name.starts_with('-');
        name.remove_prefix(add || remove ? 1 : 0);
        if (!add && !remove) {
            if (i > 1) {
                context.error(statement, i,
                              fmt::format("Duplicate include_check '{}' specified - ignoring", statement[i]),
                              fmt::format("+{0} adds to what stands before it, -{0} takes away from it", name));
                continue;
            }
            checks = {};
        }
        bool* const check = flag(checks, name);
        if (check == nullptr) {
            context.error(statement, i, fmt::format("Unknown include_check type '{}' - ignoring", statement[i]),
                          name == "readable" ? "the word is read" : "read, match, wildcard_match or brace_match");
            continue;
        }
        checks.read |= !add && !remove;
        *check = !remove;
    }
}

void set_random_seed(Context& context, const Statement& statement) {
    const auto seed = context.number(statement, 1, statement.keyword.value);
    if (seed && context.text_settings != nullptr) {
        context.text_settings->random.seed(static_cast<std::uint32_t>(*seed));
    }
}

}  // namespace sustain::parser
