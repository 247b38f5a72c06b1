#include "daemon/notifier.hpp"

#include <utility>

namespace sustain::daemon {

namespace {

using namespace std::chrono_literals;

constexpr core::Duration kLastScripts = 1s;  // spec/cli.md 19.4
constexpr core::Duration kLastStarts = 5s;   // by then all of them are started, or never
constexpr core::Duration kLook = 10ms;

}  // namespace

Notifier::Notifier(core::Loop& loop, ScriptRunner& runner, const Options& options)
    : runner_(runner), fifos_(loop, runner), mail_(loop, options), timer_(loop) {}

void Notifier::configure(const core::GlobalConfig& config, bool vrrp, bool lvs) {
    fifos_.configure(config.fifos, vrrp, lvs);
    mail_.configure(config);
}

void Notifier::deliver(Notice notice) {
    for (core::Command& script : notice.scripts) {
        run(std::move(script), notice.at_stop);
    }
    if (!notice.line.empty()) {
        fifos_.write(notice.from, notice.line);
    }
    if (!notice.subject.empty()) {
        mail_.send(notice.subject, std::move(notice.body));
    }
}

void Notifier::run(core::Command command, bool at_stop) {
    if (scripts_ >= kMostScripts) {
        if (refused_++ == 0) {
            core::log::error("{} notify scripts have not ended: no more are started", scripts_);
        }
        return;
    }
    if (refused_ > 0) {
        core::log::error("Notify scripts are started again, {} were not", std::exchange(refused_, 0));
    }
    ++scripts_;
    const auto id = std::make_shared<ScriptRunner::Id>();
    *id = runner_.run(std::move(command), core::Duration::zero(),
                      [this, id, weak = std::weak_ptr(alive_)](core::CommandStatus) {
                          if (!weak.expired()) {
                              --scripts_;
                              last_scripts_.erase(*id);
                          }
                      });
    if (at_stop) {
        last_scripts_.insert(*id);
    }
}

core::Awaitable<> Notifier::finish() {
    mail_.close();
    auto deadline = core::now() + kLastScripts;
    const auto last_deadline = core::now() + kLastStarts;
    while ((!last_scripts_.empty() || mail_.busy()) && core::now() < deadline) {
        timer_.expires_after(kLook);
        co_await timer_.async_wait(core::as_tuple_awaitable);
        if (runner_.waiting() > 0) {  // the second is for those that run
            deadline = std::min(core::now() + kLastScripts, last_deadline);
        }
    }
    if (runner_.waiting() > 0) {
        core::log::error("{} notify scripts are not started any more: the daemon ends", runner_.waiting());
    }
    for (const ScriptRunner::Id id : last_scripts_) {
        runner_.kill(id);
    }
    mail_.kill();
    while (mail_.busy()) {
        timer_.expires_after(kLook);
        co_await timer_.async_wait(core::as_tuple_awaitable);
    }
}

}  // namespace sustain::daemon
