#include "ipvs/notice.hpp"

#include <fmt/format.h>

namespace sustain::ipvs {

namespace {

/// "Gained quorum 1+0=1 <= 2": the body of the mail about a quorum (spec/lvs.md 7.3).
std::string quorum_reason(const Transition& transition, const VirtualServer& config) {
    if (transition.cause == Transition::Cause::shutdown) {
        return "Shutting down";
    }
    if (transition.cause == Transition::Cause::removal) {
        return "Removing";
    }
    const bool up = transition.kind == Transition::Kind::quorum_gained;
    const std::string_view what = transition.first ? (up ? "Starting with quorum up" : "Starting with quorum down")
                                                   : (up ? "Gained quorum" : "Lost quorum");
    return fmt::format("{} {}+{}={} <= {}", what, config.quorum, config.hysteresis, transition.limit,
                       transition.weight);
}

}  // namespace

std::optional<Notice> notice_of(const Transition& transition, const Pool& pool) {
    using Kind = Transition::Kind;
    if (transition.kind == Kind::weight_changed) {
        return std::nullopt;
    }
    const bool of_server = transition.kind == Kind::server_up || transition.kind == Kind::server_down;
    Notice notice;
    notice.kind = of_server ? Notice::Kind::server : Notice::Kind::quorum;
    notice.up = transition.kind == Kind::server_up || transition.kind == Kind::quorum_gained;
    notice.cause = transition.cause;
    notice.service = pool.name();
    notice.server = transition.server;
    notice.script = transition.script;
    notice.mail = transition.mail;
    if (of_server) {
        notice.reason = transition.cause == Transition::Cause::shutdown  ? "Shutting down"
                        : transition.cause == Transition::Cause::removal ? "Removing"
                                                                         : "";
    } else {
        notice.reason = quorum_reason(transition, pool.config());
    }
    return notice;
}

std::string fifo_line(const Notice& notice) {
    const std::string_view state = notice.up ? "UP" : "DOWN";
    return notice.kind == Notice::Kind::server ? fmt::format("RS {} {} {}", notice.server, notice.service, state)
                                               : fmt::format("VS {} {}", notice.service, state);
}

}  // namespace sustain::ipvs
