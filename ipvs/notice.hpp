// What is to be told to people and programs about virtual servers: by notify scripts, FIFO lines, mails and traps
// (spec/lvs.md section 7). The director says what, in the right order and after the change in the kernel; how it gets
// there is the listener's business.
#pragma once

#include <optional>
#include <string>

#include "ipvs/pool.hpp"

namespace sustain::ipvs {

struct Notice {
    enum class Kind : std::uint8_t {
        server,  ///< a real server is in the pool, or out of it
        quorum,  ///< a virtual server has quorum, or not
        check,   ///< a check has a result that is news: for mails only
    };
    Kind kind = Kind::server;
    bool up = false;
    Transition::Cause cause = Transition::Cause::verdict;
    std::string service;                          ///< "[10.1.9.1]:tcp:80", "FWM 7", "[G1]:0"
    std::string server;                           ///< of server and check: "[10.1.0.1]:tcp:80"
    std::shared_ptr<const core::Command> script;  ///< the notify script to run; null: none
    bool mail = false;                            ///< smtp_alert is on for this real or virtual server
    /// Server and quorum: the body of its mail is "=> " reason " <="; server: only of removal and shutdown. Check: why
    /// it failed, in the words of the check, which may be those of a hostile server.
    std::string reason;
    std::uint32_t check = 0;      ///< of check: its number in the present configuration
    bool server_changed = false;  ///< of check: its real server came up or went down by it
    bool server_up = false;       ///< of check: its real server is up now
    /// Of check: the verdict changed. False: it is the first result, and what was assumed (MISC_CHECK mails that, too).
    bool changed = false;
};

/// Nothing for transitions that are for the log only.
[[nodiscard]] std::optional<Notice> notice_of(const Transition& transition, const Pool& pool);

/// "RS [10.1.0.1]:tcp:80 [10.1.9.1]:tcp:80 UP", without line feed and NUL. Not for Kind::check.
[[nodiscard]] std::string fifo_line(const Notice& notice);

}  // namespace sustain::ipvs
