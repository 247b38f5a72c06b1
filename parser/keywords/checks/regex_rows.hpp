// The rows of a url about the regular expression that its page must match.
#pragma once

#include "parser/context.hpp"
#include "parser/keywords/join.hpp"

namespace sustain::parser {

// keepalived only logs what is wrong with these, all but regex itself: a test passes.
void set_regex(Context& context, const Statement& statement);
void forbid_regex(Context& context, const Statement& statement);
void add_regex_options(Context& context, const Statement& statement);
void set_regex_min_offset(Context& context, const Statement& statement);
void set_regex_max_offset(Context& context, const Statement& statement);
void set_regex_stack(Context& context, const Statement& statement);

/// At the end of a url: puts together what was said about its regular expression.
void settle_regex(Context& context, UrlDraft& draft);

constexpr std::array<Keyword, 6> regex_rows() {
    return {{
        {.name = "regex",
         .missing = Missing::reported,
         .value = word(Value::Type::text),
         .apply = set_regex,
         .arguments = "PATTERN"},
        {.name = "regex_no_match", .apply = forbid_regex},
        {.name = "regex_options",
         .value = choice("allow_empty_class alt_bsux alt_circumflex alt_verbnames auto_callout caseless "
                         "dollar_endonly dotall dupnames extended firstline match_unset_backref multiline "
                         "never_backslash_c never_ucp never_utf no_auto_capture no_auto_possess no_dotstar_anchor "
                         "no_start_optimize ucp ungreedy use_offset_limit utf"),
         .apply = add_regex_options,
         .repeat = Repeat::accumulates,
         .arguments = "OPTION…"},
        {.name = "regex_min_offset",
         .value = number(0, kMaxUnsigned),
         .apply = set_regex_min_offset,
         .arguments = "BYTES",
         .fallback = "0",
         .unit = "bytes"},
        {.name = "regex_max_offset",
         .value = number(0, kMaxUnsigned),
         .apply = set_regex_max_offset,
         .arguments = "BYTES",
         .unit = "bytes"},
        {.name = "regex_stack",
         .value = number(1, kMaxUnsigned),
         .apply = set_regex_stack,
         .arguments = "START MAX",
         .unit = "bytes"},
    }};
}

}  // namespace sustain::parser
