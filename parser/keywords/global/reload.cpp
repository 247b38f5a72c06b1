// Reloads.
#include "parser/keywords/global/rows.hpp"

namespace sustain::parser {

namespace {

using core::ReloadSettings;

/// The path may be left out.
template <auto Member>
void set_optional_path(Context& context, const Statement& statement) {
    context.draft.config.global.reload.*Member = statement.size() > 1 ? std::string(statement[1]) : std::string();
}

constexpr Keyword kRows[] = {
    not_yet({.name = "reload_check_config",
             .value = word(Value::Type::path),
             .apply = set_optional_path<&ReloadSettings::check_log>,
             .arguments = "[LOGFILE]"}),
    not_yet({.name = "reload_time_file",
             .missing = Missing::reported,
             .value = word(Value::Type::path),
             .apply = store_only_word<&ReloadSettings::time_file>,
             .arguments = "PATH"}),
    not_yet(flag<&ReloadSettings::repeat>("reload_repeat")),
    not_yet({.name = "reload_file",
             .value = word(Value::Type::path),
             .apply = set_optional_path<&ReloadSettings::marker>,
             .arguments = "[PATH]"}),
};

}  // namespace

std::span<const Keyword> reload_rows() {
    return kRows;
}

}  // namespace sustain::parser
