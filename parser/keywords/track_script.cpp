// vrrp_script NAME { … }
#include "parser/account.hpp"
#include "parser/keywords/tracking.hpp"
#include "parser/script.hpp"

namespace sustain::parser {

namespace {

using Script = TrackScriptDraft;

/// `</FILE` or `< /FILE`: only asks whether the file can be opened.
std::string tested_file(const std::vector<std::string>& arguments) {
    if (!arguments[0].starts_with('<')) {
        return {};
    }
    std::string file = arguments[0].substr(1);
    if (file.empty() && arguments.size() > 1) {
        file = arguments[1];
    }
    return file.starts_with('/') ? file : std::string();
}

void set_script(Context& context, const Statement& statement) {
    auto line = read_script_line(context, statement, Rank::general);
    if (!line || line->arguments.empty()) {
        return;
    }
    Script& script = context.draft.track_script;
    script.file = tested_file(line->arguments);
    script.arguments = std::move(line->arguments);
    script.script_place = statement.place(1);
}

template <auto Member>
void set_seconds(Context& context, const Statement& statement) {
    auto value = read_time(context, statement, {.places = 3, .last = 1000, .limits = {0, 4'294'000}});
    if (value == core::Duration::zero()) {
        context.error(statement, 1,
                      fmt::format("(vrrp_script {}): {} must be greater than 0, setting to 1",
                                  context.draft.track_script.name, statement.keyword.name));
        value = std::chrono::seconds(1);
    }
    if (value) {
        context.draft.track_script.*Member = *value;
    }
}

/// A weight out of range is reported and used.
void set_weight(Context& context, const Statement& statement) {
    Script& script = context.draft.track_script;
    auto weight = context.number(statement, 1, statement.keyword.value);
    if (!weight) {
        const auto read = read_signed(statement[1], {-static_cast<std::int64_t>(kMaxInteger), kMaxInteger});
        weight = read.fault == NumberFault::none ? read.value : 0;
    }
    script.weight = static_cast<std::int32_t>(*weight);
    read_reverse(context, statement, script.reverse);
}

void set_user(Context& context, const Statement& statement) {
    Script& script = context.draft.track_script;
    script.account = {.user = std::string(statement[1]),
                      .group = statement.size() > 2 ? std::string(statement[2]) : std::string()};
    std::string complaint;
    script.unknown_user = !find_account(context, script.account, complaint);
    if (script.unknown_user) {
        context.environment_error(statement, 1, Rank::general,
                                  fmt::format("Invalid user/group for vrrp script {}: {}", script.name, complaint));
    }
}

constexpr Keyword count_row(std::string_view name, Action apply) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = number(1, kMaxInteger, false, 1),
            .apply = apply,
            .arguments = "N",
            .fallback = "1"};
}

constexpr Keyword kRows[] = {
    {.name = "script", .value = word(Value::Type::script), .apply = set_script, .arguments = "COMMAND"},
    {.name = "interval",
     .missing = Missing::fatal,
     .value = word(Value::Type::text),
     .apply = set_seconds<&Script::interval>,
     .arguments = "SECONDS",
     .fallback = "1",
     .unit = "seconds"},
    {.name = "timeout",
     .missing = Missing::fatal,
     .value = word(Value::Type::text),
     .apply = set_seconds<&Script::timeout>,
     .arguments = "SECONDS",
     .inherits = "vrrp_script/interval",
     .unit = "seconds"},
    {.name = "weight",
     .missing = Missing::fatal,
     .value = integer(-253, 253),
     .apply = set_weight,
     .arguments = "N [reverse]",
     .fallback = "0"},
    count_row("rise", store<&vrrp::TrackScript::rise, Script>),
    count_row("fall", store<&vrrp::TrackScript::fall, Script>),
    {.name = "user",
     .missing = Missing::fatal,
     .value = word(),
     .apply = set_user,
     .arguments = "USER [[:]GROUP]",
     .inherits = "global_defs/script_user"},
    {.name = "init_fail", .apply = set<&vrrp::TrackScript::init_fail, true, Script>},
};

}  // namespace

void open_track_script(Context& context, const Statement& statement) {
    context.draft.track_script = {};
    context.draft.track_script.name = statement[1];
    context.draft.track_script.place = statement.place(1);
}

void close_track_script(Context& context, const Statement&) {
    Script& script = context.draft.track_script;
    if (script.arguments.empty()) {
        context.report.error(Rank::general, context.prefix, script.place,
                             fmt::format("No script set for vrrp_script {} - removing", script.name));
    } else if (!script.unknown_user) {
        make_trackable(context, vrrp::Tracked::script, script.name, {script.weight, script.reverse});
        context.draft.track_scripts.push_back(std::move(script));
    }
}

const BlockTable& track_script_table() {
    static const BlockTable table("vrrp_script", kRows);
    return table;
}

}  // namespace sustain::parser
