// vrrp_track_process NAME { … }
#include "parser/keywords/tracking.hpp"

namespace sustain::parser {

namespace {

using Process = TrackProcessDraft;
using Base = vrrp::TrackProcess;

void set_process(Context& context, const Statement& statement) {
    Process& process = context.draft.track_process;
    if (!process.process.empty()) {
        context.error(
            statement, 1,
            fmt::format("vrrp_track_process {}: process already specified - ignoring {}", process.name, statement[1]));
        return;
    }
    process.process = statement[1];
    for (std::size_t i = 2; i < statement.size(); ++i) {
        process.parameters.emplace_back(statement[i]);
    }
    if (!process.parameters.empty()) {
        process.full_command = true;
        if (process.match == vrrp::ParameterMatch::none) {
            process.match = vrrp::ParameterMatch::exact;
        }
    }
}

void set_match(Context& context, const Statement& statement) {
    Process& process = context.draft.track_process;
    if (statement.size() < 2) {
        process.match = vrrp::ParameterMatch::exact;
    } else if (statement[1] == "initial") {
        process.match = vrrp::ParameterMatch::initial;
    } else if (statement[1] == "partial") {
        process.match = vrrp::ParameterMatch::partial;
    } else {
        context.error(statement, 1,
                      fmt::format("vrrp_track_process {}: unknown param_match type {}", process.name, statement[1]),
                      "initial or partial, or nothing for an exact match");
        return;
    }
    process.full_command = true;
}

void set_weight(Context& context, const Statement& statement) {
    set_weight_once<Process>(context, statement, 0);
}

void set_quorum(Context& context, const Statement& statement) {
    Process& process = context.draft.track_process;
    const auto quorum = context.number(statement, 1, statement.keyword.value);
    if (!quorum) {
        return;
    }
    if (process.quorum_max && static_cast<unsigned>(*quorum) > *process.quorum_max) {
        context.error(statement, 1,
                      fmt::format("vrrp_track_process {}: quorum {} exceeds quorum_max {} - ignoring", process.name,
                                  *quorum, *process.quorum_max));
        return;
    }
    process.quorum = static_cast<unsigned>(*quorum);
}

/// 0: none may run, so none has to.
void set_quorum_max(Context& context, const Statement& statement) {
    Process& process = context.draft.track_process;
    const auto most = context.number(statement, 1, statement.keyword.value);
    if (!most) {
        return;
    }
    const bool none = *most == 0 && process.quorum <= 1;
    if (static_cast<unsigned>(*most) < process.quorum && !none) {
        context.error(statement, 1,
                      fmt::format("vrrp_track_process {}: quorum_max {} is less than quorum {} - ignoring",
                                  process.name, *most, process.quorum));
        return;
    }
    process.quorum_max = static_cast<unsigned>(*most);
    if (none) {
        process.quorum = 0;
    }
}

void set_delay(Context& context, const Statement& statement) {
    if (const auto delay = context.number(statement, 1, statement.keyword.value)) {
        context.draft.track_process.terminate_delay = core::Duration(*delay);
        context.draft.track_process.fork_delay = core::Duration(*delay);
    }
}

constexpr Keyword delay_row(std::string_view name, Action apply) {
    return {.name = name,
            .missing = Missing::fatal,
            .value = seconds(1, 3'600'000'000),
            .apply = apply,
            .arguments = "SECONDS",
            .unit = "seconds"};
}

constexpr Keyword kRows[] = {
    {.name = "process",
     .missing = Missing::fatal,
     .value = word(),
     .apply = set_process,
     .repeat = Repeat::first_wins,
     .arguments = "NAME [PARAMETER...]"},
    {.name = "param_match", .value = choice("initial partial"), .apply = set_match, .arguments = "[initial|partial]"},
    {.name = "weight",
     .missing = Missing::reported,
     .value = integer(-254, 254),
     .apply = set_weight,
     .repeat = Repeat::first_wins,
     .arguments = "N [reverse]",
     .fallback = "0"},
    {.name = "quorum",
     .missing = Missing::fatal,
     .value = number(1, 65535),
     .apply = set_quorum,
     .arguments = "N",
     .fallback = "1"},
    {.name = "quorum_max",
     .missing = Missing::fatal,
     .value = number(0, 65535),
     .apply = set_quorum_max,
     .arguments = "N"},
    delay_row("delay", set_delay),
    delay_row("terminate_delay", store<&Base::terminate_delay, Process>),
    delay_row("fork_delay", store<&Base::fork_delay, Process>),
    {.name = "full_command", .apply = set<&Base::full_command, true, Process>},
};

}  // namespace

void open_track_process(Context& context, const Statement& statement) {
    context.draft.track_process = {};
    context.draft.track_process.name = statement[1];
    context.draft.track_process.place = statement.place(1);
}

void close_track_process(Context& context, const Statement&) {
    Process& process = context.draft.track_process;
    if (process.process.empty()) {
        context.report.error(Rank::general, context.prefix, process.place,
                             fmt::format("No process set for track_process {} - removing", process.name));
        return;
    }
    make_trackable(context, vrrp::Tracked::process, process.name, {process.weight, process.reverse});
    context.draft.config.vrrp.track_processes.push_back(std::move(process));
}

const BlockTable& track_process_table() {
    static const BlockTable table("vrrp_track_process", kRows);
    return table;
}

}  // namespace sustain::parser
