#include "parser/check/scripts.hpp"

#include <fmt/format.h>

#include <utility>

#include "parser/account.hpp"
#include "parser/check/check.hpp"

namespace sustain::parser {

const Program& ScriptExaminer::look(const std::string& name, const core::Account& account) {
    std::string key = fmt::format("{} {}", account.uid, account.gid);
    for (const gid_t group : account.groups) {
        key += fmt::format(" {}", group);
    }
    const auto [entry, first] = programs_.try_emplace(key + '\0' + name);
    if (first) {
        entry->second = context_.environment.program(name, account);
    }
    return entry->second;
}

core::Command ScriptExaminer::examine(const ScriptDraft& script) {
    finding_ = Program::Finding::not_found;
    const auto account = account_of(context_, script.account, script.place, complaint_);
    if (!account) {
        return {};
    }
    return examine(script.arguments, *account, script.place);
}

core::Command ScriptExaminer::examine(std::vector<std::string> arguments, core::Account account, const Place& place) {
    const Program& program = look(arguments.front(), account);
    const bool security = context_.draft.config.global.scripts.security;
    finding_ = program.finding;
    complaint_ = program.reason;
    if (program.finding != Program::Finding::not_found && !security && !std::exchange(running_, true)) {
        first_ = place;
    }
    insecure_ |= program.finding == Program::Finding::insecure;
    const bool runs =
        program.finding == Program::Finding::fine || (program.finding == Program::Finding::insecure && !security);
    if (!runs) {
        return {};
    }
    const bool searched = arguments.front().find('/') == std::string::npos;
    if (searched || !context_.draft.config.global.scripts.symlink_paths) {
        arguments.front() = program.path;
    }
    return {.arguments = std::move(arguments), .account = std::move(account)};
}

void ScriptExaminer::finish() {
    if (running_) {
        context_.report.add(Severity::error, Rank::security, Class::meaning, Prefix::none, first_,
                            fmt::format("SECURITY VIOLATION - {} are being executed but script_security not enabled.{}",
                                        whose_, insecure_ ? " There are insecure scripts." : ""),
                            "enable_script_security in global_defs refuses scripts that others than root could change");
    }
}

namespace {

/// Left out: the scripts of servers that have been dropped.
void examine_all(Context& context, ScriptExaminer& examiner, ScriptUse use, std::vector<core::Command>& commands,
                 const std::vector<bool>* in_use = nullptr) {
    for (const ScriptDraft& script : context.draft.scripts_of(use).scripts()) {
        if (in_use != nullptr && (commands.size() >= in_use->size() || !(*in_use)[commands.size()])) {
            commands.emplace_back();
            continue;
        }
        commands.push_back(examiner.examine(script));
        if (!commands.back().usable()) {
            context.report.add(Severity::notice, Rank::none, Class::environment, Prefix::file_line, script.place,
                               fmt::format("{} script {} is not run: {}", script.keyword, script.arguments.front(),
                                           examiner.complaint()));
        }
    }
}

/// A script of global_defs.
core::Command examine_parents(Context& context, ScriptExaminer& examiner, const ParentScript& script) {
    if (!script.written) {
        return {};
    }
    core::Command command = examiner.examine(script.command.arguments, script.command.account, script.place);
    if (!command.usable()) {
        context.report.add(Severity::notice, Rank::none, Class::environment, Prefix::line, script.place,
                           examiner.complaint());
    }
    return command;
}

}  // namespace

void check_scripts(Context& context, bool vrrp) {
    Draft& draft = context.draft;
    Config& config = draft.config;
    core::FifoSettings& fifos = config.global.fifos;
    context.prefix = Prefix::none;

    ScriptExaminer parent(context, "start/shutdown scripts");
    config.global.scripts.startup = examine_parents(context, parent, draft.startup);
    config.global.scripts.shutdown = examine_parents(context, parent, draft.shutdown);
    parent.finish();

    ScriptExaminer checks(context, "check scripts");
    if (config.has_checker) {
        fifos.global.script = examine_parents(context, checks, draft.global_fifo);
        fifos.lvs.script = examine_parents(context, checks, draft.lvs_fifo);
    }
    const std::vector<bool> in_use = server_scripts_in_use(context);
    examine_all(context, checks, ScriptUse::server_notify, config.ipvs.scripts, &in_use);
    examine_all(context, checks, ScriptUse::check, config.checker.scripts);
    checks.finish();

    if (!vrrp || draft.instances.empty()) {  // nobody comes to run any
        config.vrrp.scripts.resize(draft.scripts_of(ScriptUse::vrrp_notify).scripts().size());
        return;
    }
    ScriptExaminer scripts(context, "scripts");
    fifos.global.script = examine_parents(context, scripts, draft.global_fifo);
    fifos.vrrp.script = examine_parents(context, scripts, draft.vrrp_fifo);
    check_track_scripts(context, scripts);
    examine_all(context, scripts, ScriptUse::vrrp_notify, config.vrrp.scripts);
    if (fifos.vrrp.path == fifos.lvs.path && fifos.vrrp.script.usable()) {
        fifos.lvs.script = {};  // one reader is enough
    }
    scripts.finish();
}

}  // namespace sustain::parser
