// Keeps the kernel's IPVS table as the configuration and the verdicts of the checks want it. Start, reload, a check
// result and somebody else's meddling are one and the same path: the desired table is compared with the actual one
// and the difference is sent (design.md section 5). Runs in the parent.
//
// Services that are in the kernel but not in the configuration belong to others and are never touched (but for
// lvs_flush and lvs_flush_on_stop); one that is in both is taken over and corrected. What the kernel refuses is logged
// once, concerns no other service, and is tried again when the service changes next and at the audit, once a minute.
//
// A verdict that decides something is in the kernel before verdict() returns, unless other edits are under way: then it
// joins the next batch. What people are told comes after the change in the kernel.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/message.hpp"
#include "ipvs/config.hpp"
#include "ipvs/notice.hpp"
#include "ipvs/settings.hpp"

namespace sustain::ipvs {

/// Between two comparisons of the whole table with the kernel's.
constexpr core::Duration kAuditPause = std::chrono::minutes(1);

class Director {
public:
    /// What the director has to say; each may be empty. Called from within its functions and coroutines; they must not
    /// call back.
    struct Hooks {
        std::function<void(const Notice&)> notice;
        /// A check of the present configuration has to rest (ha_suspend), or may go on.
        std::function<void(std::uint32_t check, bool suspended)> suspend;
    };

    /// Nothing happens before start(). The verdicts that come in may speak of `generation`.
    Director(core::Loop& loop, Config config, core::Generation generation = 1, core::Duration audit_pause = kAuditPause,
             Settings settings = {}, Hooks hooks = {});
    /// Leaves the kernel's table as it is. May come while something is under way, which then is not finished.
    ~Director();
    Director(const Director&) = delete;
    Director& operator=(const Director&) = delete;

    /// Opens IPVS (loading the module if need be), compares and programs (spec/lvs.md 11.1). Without any virtual
    /// server and sync daemon IPVS is not touched. An Error says that the kernel has no usable IPVS: verdicts are still
    /// taken, and reload() tries again. What the kernel refuses of single services is logged and no Error.
    [[nodiscard]] core::Awaitable<core::Result<>> start();

    /// The word of the checker child about check `check` of that generation's configuration. Edits follow on their
    /// own. A verdict about a configuration that was replaced lately is understood as one about the equal check of
    /// the present one; everything else that does not exist is ignored.
    /// \param reason of a failure, for people; it is only passed on
    void verdict(core::Generation generation, std::uint32_t check, bool up, std::string_view reason = {});
    /// What that check adds to the weight of its real server (spec/lvs.md 6.1). Generations as in verdict().
    void weight(core::Generation generation, std::uint32_t check, std::int32_t weight);

    /// A VRRP instance is MASTER, or not any more: the sync daemon may depend on it (spec/lvs.md 12.2).
    void instance_state(std::string_view instance, bool master);

    /// Changes over to another configuration (spec/lvs.md 11.3): verdicts of equal checks and the quorum are carried
    /// over at once, before the first suspension; then only differences are edited. Errors as for start().
    [[nodiscard]] core::Awaitable<core::Result<>> reload(Config config, core::Generation generation,
                                                         Settings settings = {});

    /// Takes our services and all their destinations out of the kernel, nothing else but what lvs_flush_on_stop says
    /// (spec/lvs.md 11.2). Verdicts that come later change nothing. Not calling it leaves the table as it is (-I).
    [[nodiscard]] core::Awaitable<> stop();

    /// The last result of each check of the present configuration by its number; nothing where none has come.
    [[nodiscard]] std::vector<std::optional<bool>> verdicts() const;
    /// By check number of the present configuration: it has to rest. The hook tells of changes.
    [[nodiscard]] std::vector<bool> suspended() const;

private:
    class State;
    std::shared_ptr<State> state_;  // shared with the coroutines that are under way
};

}  // namespace sustain::ipvs
