// After the last line: which scripts can be run, by whom, and whether they may (spec/semantic-checks-core.md 9.3).
#pragma once

#include <string>
#include <unordered_map>

#include "parser/context.hpp"

namespace sustain::parser {

/// Examines the scripts that one of keepalived's processes would run. Each program is looked at once; when all are
/// done, finish() says whether scripts run without script security.
class ScriptExaminer {
public:
    /// Whose: "scripts", "check scripts" or "start/shutdown scripts".
    ScriptExaminer(Context& context, std::string_view whose) : context_(context), whose_(whose) {}

    /// What is to be run. Its arguments are empty if nothing is; why is in complaint().
    [[nodiscard]] core::Command examine(const ScriptDraft& script);
    /// The same for one whose account is known already.
    [[nodiscard]] core::Command examine(std::vector<std::string> arguments, core::Account account, const Place& place);
    [[nodiscard]] const std::string& complaint() const { return complaint_; }
    /// Of the last one.
    [[nodiscard]] Program::Finding finding() const { return finding_; }
    void finish();

private:
    [[nodiscard]] const Program& look(const std::string& name, const core::Account& account);

    Context& context_;
    std::string_view whose_;
    std::unordered_map<std::string, Program> programs_;  ///< by name and account
    std::string complaint_;
    Program::Finding finding_ = Program::Finding::fine;
    Place first_;            ///< a script that runs without script security
    bool running_ = false;   ///< there is one
    bool insecure_ = false;  ///< one that others can change is among them
};

/// The programs of vrrp_script. What cannot be run is not tracked.
void check_track_scripts(Context& context, ScriptExaminer& examiner);

}  // namespace sustain::parser
