#include "parser/keywords/checks/regex_rows.hpp"

#include <fmt/format.h>

#include "parser/script.hpp"
#include "parser/values.hpp"
#include "parser/values_check.hpp"

namespace sustain::parser {

namespace {

void note(Context& context, const Place& place, std::string_view message) {
    context.report.add(Severity::notice, Rank::none, context.prefix, place, message);
}

/// The draft that a regex_… line is about.
UrlDraft& draft_of(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<UrlDraft>();
    if (!std::exchange(draft.has_regex_line, true)) {
        draft.regex_place = statement.place();
    }
    return draft;
}

std::optional<std::uint32_t> read_bytes(const Statement& statement, std::size_t word) {
    const auto number = read_unsigned(statement[word], {0, kMaxUnsigned});
    return number.fault == NumberFault::none ? std::optional(static_cast<std::uint32_t>(number.value)) : std::nullopt;
}

/// What a bad offset is worth: nothing.
std::uint32_t read_offset(Context& context, const Statement& statement) {
    const auto offset = statement.size() == 2 ? read_bytes(statement, 1) : std::nullopt;
    if (!offset) {
        note(context, statement.place(), fmt::format("{} must be one number - ignoring", statement.keyword.name));
    }
    return offset.value_or(0);
}

}  // namespace

void set_regex(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<UrlDraft>();
    auto words = read_regex_line(context, statement);
    if (!words) {
        return;
    }
    if (words->size() != 1) {
        context.error(statement, 2, "regex must be a single pattern - ignoring", "put it into quotes");
        return;
    }
    if (draft.pattern) {
        context.error(statement, 0, "regex already specified - replacing", "the last one counts");
    }
    draft.pattern = std::move(words->front());
}

void forbid_regex(Context& context, const Statement& statement) {
    draft_of(context, statement).regex.forbidden = true;
}

void add_regex_options(Context& context, const Statement& statement) {
    auto& draft = draft_of(context, statement);
    for (std::size_t i = 1; i < statement.size(); ++i) {
        if (const auto option = read_regex_option(statement[i])) {
            draft.regex.add(*option);
        } else {
            note(context, statement.place(i), fmt::format("Unknown regex option {} - ignoring", statement[i]));
        }
    }
}

void set_regex_min_offset(Context& context, const Statement& statement) {
    draft_of(context, statement).regex.min_offset = read_offset(context, statement);
}

void set_regex_max_offset(Context& context, const Statement& statement) {
    const std::uint32_t offset = read_offset(context, statement);
    draft_of(context, statement).regex.max_offset = offset != 0 ? std::optional(offset) : std::nullopt;
}

void set_regex_stack(Context& context, const Statement& statement) {
    auto& regex = draft_of(context, statement).regex;
    const std::uint32_t start = statement.size() > 2 ? read_bytes(statement, 1).value_or(0) : 0;
    const std::uint32_t max = statement.size() > 2 ? read_bytes(statement, 2).value_or(0) : 0;
    if (start == 0 || start > max) {
        note(context, statement.place(), "regex_stack must be two sizes, the second not below the first - ignoring");
        return;
    }
    regex.stack_start = start;
    regex.stack_max = max;
}

void settle_regex(Context& context, UrlDraft& draft) {
    if (!draft.pattern) {
        if (draft.has_regex_line) {
            note(context, draft.regex_place, "regex settings without a regex - ignoring");
        }
        return;
    }
    checker::Regex& regex = draft.regex;
    if (regex.max_offset && regex.min_offset > *regex.max_offset) {
        note(context, draft.regex_place,
             fmt::format("regex_min_offset {} is beyond regex_max_offset {} - ignoring both", regex.min_offset,
                         *regex.max_offset));
        regex.min_offset = 0;
        regex.max_offset.reset();
    }
    regex.pattern = std::move(*draft.pattern);
    draft.value.regex = core::Boxed(std::move(regex));
}

}  // namespace sustain::parser
