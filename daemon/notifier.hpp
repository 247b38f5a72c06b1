// Carries out notices: runs their scripts, writes their lines to the FIFOs, hands in their mails. Nothing of it waits
// for anybody, and nothing grows without a bound.
#pragma once

#include <unordered_set>

#include "core/config.hpp"
#include "core/loop.hpp"
#include "daemon/fifos.hpp"
#include "daemon/mail_post.hpp"
#include "daemon/notice.hpp"
#include "daemon/script_runner.hpp"

namespace sustain::daemon {

class Notifier {
public:
    /// Notify scripts that have not ended yet. Beyond that, more are not started, which is logged.
    static constexpr std::size_t kMostScripts = 20'000;

    /// What is referred to must outlive it.
    Notifier(core::Loop& loop, ScriptRunner& runner, const Options& options);

    /// At start and after a reload. `vrrp` and `lvs`: which of them there is something to say about.
    void configure(const core::GlobalConfig& config, bool vrrp, bool lvs);

    void deliver(Notice notice);

    /// The daemon ends: first the readers of the FIFOs …
    void end_readers() { fifos_.end_readers(); }
    /// … and after the last notice, a second for scripts and mails.
    [[nodiscard]] core::Awaitable<> finish();

    [[nodiscard]] bool owns(pid_t pid) const { return mail_.owns(pid); }

private:
    void run(core::Command command, bool at_stop);

    ScriptRunner& runner_;
    Fifos fifos_;
    MailPost mail_;
    core::Timer timer_;
    std::size_t scripts_ = 0;  ///< that have not ended
    std::size_t refused_ = 0;  ///< since one was started last
    std::unordered_set<ScriptRunner::Id> last_scripts_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for handlers that come too late
};

}  // namespace sustain::daemon
