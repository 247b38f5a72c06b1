// FILE_CHECK { … } in a real server
#include "parser/keywords/check_blocks.hpp"
#include "parser/keywords/checks/network_rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using checker::FileCheck;

void set_track_file(Context& context, const Statement& statement) {
    std::string name(statement[1]);
    if (!context.draft.trackable[static_cast<std::size_t>(vrrp::Tracked::file)].contains(name)) {
        context.error(statement, 1, fmt::format("track_file {} not found", name),
                      "it has to be defined before the check that names it");
        return;
    }
    context.draft.current<FileCheck>().track_file = std::move(name);
}

void set_weight(Context& context, const Statement& statement) {
    const auto factor = context.number(statement, 1, statement.keyword.value);
    if (!factor) {
        return;
    }
    const bool option = statement.size() > 2;
    if (option && statement[2] != "reverse" && statement[2] != "noreverse") {
        context.error(statement, 2, fmt::format("unknown track file weight option {} - ignoring", statement[2]),
                      "reverse or noreverse");
        return;
    }
    context.draft.current<FileCheck>().weight = {.factor = static_cast<std::int32_t>(*factor),
                                                 .reverse = option && statement[2] == "reverse"};
}

constexpr std::int64_t kMaxWeight = std::numeric_limits<std::int32_t>::max();

constexpr Keyword kOwn[] = {
    {.name = "track_file", .missing = Missing::fatal, .value = word(), .apply = set_track_file, .arguments = "NAME"},
    {.name = "weight",
     .missing = Missing::reported,
     .value = integer(-kMaxWeight, kMaxWeight),
     .apply = set_weight,
     .arguments = "N [reverse|noreverse]",
     .inherits = "track_file/weight"},
};

constexpr auto kRows = std::to_array(kOwn);

}  // namespace

const BlockTable& file_check_table() {
    static const BlockTable table("virtual_server/real_server/FILE_CHECK", kRows);
    return table;
}

void close_file_check(Context& context, const Statement& statement) {
    if (context.draft.current<FileCheck>().track_file.empty()) {
        context.report.error(Rank::general, Prefix::file_line, statement.place(),
                             "FILE_CHECK has no track_file specified - ignoring", "the check is left out");
        drop_check(context);
    }
}

}  // namespace sustain::parser
