// track_file NAME { … }, also under its old name vrrp_track_file
#include "parser/keywords/tracking.hpp"

namespace sustain::parser {

namespace {

using File = TrackFileDraft;

void set_file(Context& context, const Statement& statement) {
    File& file = context.draft.track_file;
    if (!file.path.empty()) {
        context.error(statement, 1,
                      fmt::format("File already set for track file {} - ignoring {}", file.name, statement[1]));
        return;
    }
    file.path = statement[1];
    // A relative name is looked for beside the configuration file.
    const std::string base = context.report.file_name(statement.line.location);
    const std::string path = file.path.starts_with('/') ? file.path : base.substr(0, base.rfind('/') + 1) + file.path;
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    if (const std::string why = context.environment.why_not_watchable(folder); !why.empty()) {
        context.environment_error(statement, 1, Rank::general,
                                  fmt::format("track file {}: {} - ignoring the block", file.name, why));
        file.unusable = true;
    }
}

void set_weight(Context& context, const Statement& statement) {
    set_weight_once<File>(context, statement, 1);
}

void set_init(Context& context, const Statement& statement) {
    constexpr std::int64_t kMost = 254;
    File& file = context.draft.track_file;
    file.init = file.init.value_or(0);
    for (std::size_t i = 1; i < statement.size(); ++i) {
        if (statement[i] == "overwrite") {
            file.overwrite = true;
            continue;
        }
        const auto value = read_signed(statement[i], {-static_cast<std::int64_t>(kMaxInteger), kMaxInteger});
        if (value.fault != NumberFault::none || statement[i].empty()) {
            context.error(statement, i, fmt::format("Unknown track file init option {}", statement[i]),
                          "a number or overwrite");
            continue;
        }
        if (value.value < -kMost || value.value > kMost) {
            context.error(statement, i,
                          fmt::format("track file {} init value {} is outside sensible range [{}, {}]", file.name,
                                      value.value, -kMost, kMost));
        }
        file.init = static_cast<std::int32_t>(value.value);
    }
}

constexpr Keyword kRows[] = {
    {.name = "file",
     .missing = Missing::reported,
     .value = word(Value::Type::path),
     .apply = set_file,
     .repeat = Repeat::first_wins,
     .arguments = "PATH"},
    {.name = "weight",
     .missing = Missing::reported,
     .value = integer(-254, 254),
     .apply = set_weight,
     .repeat = Repeat::first_wins,
     .arguments = "N [reverse]",
     .fallback = "1"},
    {.name = "init_file", .value = word(Value::Type::text), .apply = set_init, .arguments = "[N] [overwrite]"},
};

}  // namespace

void open_track_file(Context& context, const Statement& statement) {
    context.draft.track_file = {};
    context.draft.track_file.name = statement[1];
    context.draft.track_file.place = statement.place(1);
    if (!statement.keyword.replaced_by.empty()) {
        context.report.add(
            Severity::notice, Rank::none, context.prefix, statement.place(),
            fmt::format("{} is deprecated, please use {}", statement.keyword.name, statement.keyword.replaced_by));
    }
}

void close_track_file(Context& context, const Statement&) {
    File& file = context.draft.track_file;
    if (file.path.empty()) {
        context.report.error(Rank::general, context.prefix, file.place,
                             fmt::format("No file set for track_file {} - removing", file.name));
        return;
    }
    if (file.overwrite && context.environment.is_special_file(file.path)) {
        context.report.environment_error(
            Rank::general, context.prefix, file.place,
            fmt::format("track_file {}: {} is not a regular file and cannot be overwritten - removing", file.name,
                        file.path));
        return;
    }
    if (!file.unusable) {
        make_trackable(context, vrrp::Tracked::file, file.name, {file.weight, file.reverse});
        context.draft.config.global.track_files.push_back(std::move(file));
    }
}

const BlockTable& track_file_table() {
    static const BlockTable table("track_file", kRows);
    return table;
}

const BlockTable& old_track_file_table() {
    static const BlockTable table("vrrp_track_file", kRows);
    return table;
}

}  // namespace sustain::parser
