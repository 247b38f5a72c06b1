#include "checker/process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "checker/descriptor_limit.hpp"
#include "checker/migrate.hpp"
#include "checker/runner.hpp"
#include "core/capabilities.hpp"
#include "core/channel.hpp"
#include "core/log.hpp"
#include "core/signals.hpp"

namespace sustain::checker {

namespace {

/// Exit statuses (spec/cli.md 5.1): one that the parent answers by starting a new child, and one that it does not.
constexpr int kInternalError = 70;
constexpr int kMissingPrivilege = 4;

/// Descriptors that are not for checks: channel, signals, log, the loop's own, a memfd at reload.
constexpr std::size_t kOtherDescriptors = 64;

/// How often the parent hears that this process is at work.
constexpr core::Duration kSignOfLife = std::chrono::seconds(1);

std::vector<Verdict> first_verdicts(const Config& config, const std::vector<std::optional<bool>>& known) {
    std::vector<Verdict> verdicts;
    verdicts.reserve(config.checks.size());
    for (std::size_t number = 0; number < config.checks.size(); ++number) {
        const bool has_one = number < known.size() && known[number].has_value();
        verdicts.push_back(has_one ? Verdict::known(*known[number]) : Verdict::at_start(config.checks[number]));
    }
    return verdicts;
}

class Process {
public:
    Process(core::Loop& loop, Start start, std::size_t most_running)
        : loop_(loop),
          channel_(loop, std::move(start.channel)),
          signals_(loop, {SIGTERM, SIGINT}),
          reparse_(std::move(start.reparse)),
          ignore_sigint_(start.ignore_sigint),
          generation_(start.generation),
          commands_([this](const core::Message& message) { channel_.send(message); }),
          runner_(loop, most_running, commands_, reports()) {
        commands_.begin(generation_);
        auto verdicts = first_verdicts(start.configuration.config, start.last_verdicts);
        priority_.limit(start.configuration.lateness);
        channel_.send(core::message::Ready{generation_});  // some results come with the start
        runner_.start(std::move(start.configuration.config), std::move(verdicts));
        core::spawn(loop, "the checker's channel", listen());
        core::spawn(loop, "the checker's signals", await_signal());
        core::spawn(loop, "the checker's signs of life", show_life());
    }

    [[nodiscard]] int status() const { return status_; }

private:
    Reports reports() {
        return {.verdict =
                    [this](std::uint32_t check, bool up, const std::string& reason) {
                        channel_.send(core::message::Verdict{generation_, check, up, reason});
                    },
                .weight =
                    [this](std::uint32_t check, std::int32_t weight) {
                        channel_.send(core::message::Weight{generation_, check, weight});
                    },
                .overdue =
                    [this](std::uint32_t check, bool overdue) {
                        channel_.send(core::message::Overdue{generation_, check, overdue});
                    },
                .late = [this](core::Duration late) { priority_.heed(late); }};
    }

    core::Awaitable<> listen() {
        for (;;) {
            auto received = co_await channel_.receive();
            if (!received.has_value()) {
                core::log::warning("Checker: {}", received.error().what);
                if (received.error().code == EBADMSG) {
                    continue;
                }
                co_return end(0);
            }
            if (std::holds_alternative<core::message::Stop>(received->message)) {
                co_return end(0);
            }
            if (const auto* ended = std::get_if<core::message::CommandEnded>(&received->message)) {
                commands_.take(*ended);
            } else if (const auto* suspend = std::get_if<core::message::Suspend>(&received->message)) {
                if (suspend->generation == generation_) {
                    runner_.suspend(suspend->check, suspend->suspended);
                }
            } else if (const auto* reload = std::get_if<core::message::Reload>(&received->message)) {
                const core::Generation generation = reload->generation;
                auto configuration = co_await reparse_(std::move(received->attached));
                if (!configuration) {
                    core::log::error("Checker: cannot read the new configuration, ending to be started with it");
                    co_return end(kInternalError);
                }
                priority_.limit(configuration->lateness);
                change_to(std::move(configuration->config), generation);
            }
        }
    }

    core::Awaitable<> await_signal() {
        for (;;) {
            const int number = co_await signals_.next();  // (GCC 12 mislays a co_await within && and ||)
            if (number != SIGINT || !ignore_sigint_) {
                break;
            }
        }
        end(0);
    }

    core::Awaitable<> show_life() {
        core::Timer timer(loop_);
        for (;;) {
            timer.expires_after(kSignOfLife);
            (void)co_await timer.async_wait(core::as_tuple_awaitable);
            if (channel_.backlog() == 0) {  // a parent that does not listen needs no more of them
                channel_.send(core::message::Alive{generation_});
            }
        }
    }

    void change_to(Config config, core::Generation generation) {
        auto verdicts = migrate(runner_.config(), runner_.verdicts(), config);
        generation_ = generation;
        commands_.begin(generation_);
        channel_.send(core::message::Ready{generation});
        runner_.start(std::move(config), std::move(verdicts));
    }

    void end(int status) {
        status_ = status;
        loop_.stop();
    }

    core::Loop& loop_;
    core::Channel channel_;
    core::Signals signals_;
    Reparse reparse_;
    bool ignore_sigint_;
    core::Generation generation_;
    core::AutoPriority priority_;
    Commands commands_;
    Runner runner_;
    int status_ = 0;
};

}  // namespace

int run(Start start) {
    core::ignore_unhandled_signals();
    std::signal(SIGHUP, SIG_IGN);
    const std::size_t descriptors = raise_descriptor_limit();
    std::vector<cap_value_t> kept{CAP_NET_RAW, CAP_NET_BIND_SERVICE};
    // Only where it is wanted: what hears the network should not be able to crowd out the others.
    if (start.configuration.lateness.most_priority > 0 && !core::AutoPriority::keep_right()) {
        kept.push_back(CAP_SYS_NICE);  // (a container)
    }
    if (const auto dropped = core::keep_only_capabilities(kept); !dropped.has_value()) {
        core::log::error("Checker: {}", dropped.error().what);
        return kMissingPrivilege;
    }
    core::Loop loop(1);
    Process process(loop, std::move(start), std::max(descriptors, 2 * kOtherDescriptors) - kOtherDescriptors);
    loop.run();
    return process.status();
}

}  // namespace sustain::checker
