// Scripts as they were written. Whether they can be run is known after the last line only: global_defs, which may stand
// anywhere, decides about the account and the security (spec/semantic-checks-core.md 9).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/command.hpp"
#include "parser/report.hpp"

namespace sustain::parser {

/// Whose list a script goes to and how it is examined.
enum class ScriptUse : std::uint8_t {
    vrrp_notify,    ///< notify… of instances and sync groups: vrrp::Config::scripts
    server_notify,  ///< notify_up, notify_down, quorum_up, quorum_down: ipvs::Config::scripts
    check,          ///< MISC_CHECK: checker::Config::scripts
};
constexpr std::size_t kScriptUses = 3;

/// A user and a group as words; empty: none is given.
struct AccountText {
    std::string user;
    std::string group;  ///< with the ':' that asks for supplementary groups
};

struct ScriptDraft {
    std::string_view keyword;  ///< points into the keyword table
    Place place;               ///< of the command
    std::vector<std::string> arguments;
    AccountText account;
};

/// The scripts of one use, equal ones once.
class ScriptDraftList {
public:
    core::CommandNumber add(ScriptDraft script);
    [[nodiscard]] const std::vector<ScriptDraft>& scripts() const { return scripts_; }

private:
    std::vector<ScriptDraft> scripts_;
    std::unordered_map<std::string, core::CommandNumber> numbers_;  ///< by all words
};

/// Whose rights a script has that names no user (spec/semantic-checks-core.md 9.1). Once found it stays, as
/// keepalived's does.
struct DefaultAccount {
    std::optional<core::Account> account;
    bool unusable = false;  ///< script_user names nobody
    bool reported = false;  ///< that there is none
};

/// A script of global_defs, whose account is known where it stands.
struct ParentScript {
    bool written = false;
    Place place;
    core::Command command;
};

struct ScriptDrafts {
    ParentScript startup;
    ParentScript shutdown;
    ParentScript global_fifo;
    ParentScript vrrp_fifo;
    ParentScript lvs_fifo;
    ScriptDraftList scripts[kScriptUses];
    DefaultAccount default_account;

    [[nodiscard]] ScriptDraftList& scripts_of(ScriptUse use) { return scripts[static_cast<std::size_t>(use)]; }
};

}  // namespace sustain::parser
