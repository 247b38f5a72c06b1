#include "mail/process.hpp"

#include <cerrno>
#include <csignal>
#include <deque>
#include <utility>

#include "core/channel.hpp"
#include "core/log.hpp"
#include "core/signals.hpp"
#include "mail/letter.hpp"
#include "mail/unprivileged.hpp"

namespace sustain::mail {

namespace {

class Process {
public:
    Process(core::Loop& loop, Start start)
        : loop_(loop), channel_(loop, std::move(start.channel)), settings_(std::move(start.settings)) {
        channel_.send(core::message::Ready{});
        core::spawn(loop, "the mail child's channel", listen());
    }

private:
    core::Awaitable<> listen() {
        for (;;) {
            const auto received = co_await channel_.receive();
            if (!received && received.error().code == EBADMSG) {
                continue;
            }
            if (!received) {
                loop_.stop();
                co_return;
            }
            if (const auto* mail = std::get_if<core::message::Mail>(&received->message)) {
                take(*mail);
            } else if (std::holds_alternative<core::message::Stop>(received->message)) {
                stopping_ = true;
                end_if_done();
            }
        }
    }

    void take(const core::message::Mail& mail) {
        if (waiting_.size() >= kMostWaiting) {
            if (lost_++ == 0) {
                core::log::warning("Too many mails wait for SMTP server {}: some are being lost",
                                   to_string(settings_.server));
            }
            return;
        }
        waiting_.push_back(mail);
        start_some();
    }

    void start_some() {
        while (under_way_ < kMostConnections && !waiting_.empty()) {
            ++under_way_;
            // Bounded by kMostConnections; this object outlives the loop's last turn.
            core::spawn(loop_, "a mail", send(std::move(waiting_.front())));
            waiting_.pop_front();
        }
        if (waiting_.empty() && lost_ > 0) {
            core::log::warning("{} mails were lost", std::exchange(lost_, 0));
        }
    }

    core::Awaitable<> send(core::message::Mail mail) {
        const auto outcome = co_await deliver(loop_, settings_.server, envelope_for(mail));
        if (outcome) {
            core::log::detail("SMTP alert successfully sent.");
        } else {
            core::log::error("{}", outcome.error().what);
        }
        --under_way_;
        start_some();
        end_if_done();
    }

    [[nodiscard]] Envelope envelope_for(const core::message::Mail& mail) const {
        Envelope envelope{.helo = settings_.helo, .sender = settings_.sender.address, .recipients = {}, .letter = {}};
        for (const Mailbox& recipient : settings_.recipients) {
            envelope.recipients.push_back(recipient.address);
        }
        envelope.letter = to_wire({.time = mail.time,
                                   .from = settings_.sender,
                                   .to = settings_.recipients,
                                   .subject = mail.subject,
                                   .body = mail.body});
        return envelope;
    }

    void end_if_done() {
        if (stopping_ && under_way_ == 0 && waiting_.empty()) {
            loop_.stop();
        }
    }

    core::Loop& loop_;
    core::Channel channel_;
    Settings settings_;
    std::deque<core::message::Mail> waiting_;
    std::size_t under_way_ = 0;
    std::size_t lost_ = 0;
    bool stopping_ = false;
};

}  // namespace

int run(Start start) {
    core::ignore_unhandled_signals();
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        std::signal(number, SIG_IGN);
    }
    if (const auto reduced = give_up_all_rights(); !reduced) {
        core::log::warning("Mail: {}", reduced.error().what);
    }
    core::Loop loop(1);
    [[maybe_unused]] Process process(loop, std::move(start));
    loop.run();
    return 0;
}

}  // namespace sustain::mail
