// Dumps, saved configurations and the name files of iproute2.
#include "parser/keywords/global/rows.hpp"

namespace sustain::parser {

namespace {

using core::FileSettings;

void set_saved_configurations(Context& context, const Statement& statement) {
    const std::string folder(statement[1]);
    if (const std::string why = context.environment.why_no_folder(folder); !why.empty()) {
        context.environment_error(statement, 1, Rank::general, fmt::format("config_save_dir {}: {}", folder, why));
        return;
    }
    context.draft.config.global.files.saved_configurations = folder;
}

void set_temporary_folder(Context& context, const Statement& statement) {
    std::string& folder = context.draft.config.global.files.temporary_folder;
    if (!folder.empty()) {
        context.error(statement, 0, fmt::format("tmp_config_directory already specified - ignoring {}", statement[1]));
        return;
    }
    folder = statement[1];
}

template <auto Member>
constexpr Keyword path_row(std::string_view name, std::string_view arguments) {
    return {.name = name,
            .missing = Missing::reported,
            .value = word(Value::Type::path),
            .apply = store_only_word<Member>,
            .arguments = arguments};
}

template <auto Member>
constexpr Keyword dump_row(std::string_view name) {
    return not_yet(path_row<Member>(name, "PATH"));
}

constexpr Keyword kRows[] = {
    not_yet({.name = "config_save_dir",
             .missing = Missing::fatal,
             .value = word(Value::Type::path),
             .apply = set_saved_configurations,
             .arguments = "FOLDER"}),
    not_yet({.name = "tmp_config_directory",
             .missing = Missing::reported,
             .value = word(Value::Type::path),
             .apply = set_temporary_folder,
             .repeat = Repeat::first_wins,
             .arguments = "FOLDER"}),
    not_yet(toggle<&FileSettings::dumps_name_instance>("data_use_instance")),
    not_yet(amount<&FileSettings::json_version>("json_version", Missing::reported, number(1, 2), "1")),
    path_row<&FileSettings::iproute_usr>("iproute_usr_dir", "FOLDER"),
    path_row<&FileSettings::iproute_etc>("iproute_etc_dir", "FOLDER"),
    dump_row<&FileSettings::state_dump>("state_dump_file"),
    dump_row<&FileSettings::stats_dump>("stats_dump_file"),
    dump_row<&FileSettings::json_dump>("json_dump_file"),
};

}  // namespace

std::span<const Keyword> dump_rows() {
    return kRows;
}

}  // namespace sustain::parser
