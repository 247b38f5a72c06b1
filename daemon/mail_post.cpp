#include "daemon/mail_post.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <ctime>
#include <deque>
#include <utility>

#include "core/condition.hpp"
#include "daemon/child.hpp"
#include "daemon/log_setup.hpp"
#include "daemon/respawn_delay.hpp"

namespace sustain::daemon {

namespace {

std::string host_name() {
    char name[HOST_NAME_MAX + 1] = {};
    return ::gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' ? name : "localhost";
}

std::string own_address() {
    const passwd* const user = ::getpwuid(::geteuid());
    return fmt::format("{}@{}", user != nullptr ? user->pw_name : "root", host_name());
}

bool same(const mail::Settings& one, const mail::Settings& other) {
    return one.server.host == other.server.host && one.server.port == other.server.port &&
           one.server.patience == other.server.patience && one.helo == other.helo && one.sender == other.sender &&
           one.recipients == other.recipients;
}

}  // namespace

std::optional<mail::Settings> mail_settings(const core::MailSettings& config) {
    if (!config.server || config.recipients.empty()) {
        return std::nullopt;
    }
    mail::Settings settings;
    settings.server = {.host = config.server->host, .port = config.server->port, .patience = config.connect_timeout};
    settings.helo = mail::one_line(config.helo_name.empty() ? host_name() : config.helo_name);
    const auto sender = mail::Mailbox::parse(config.sender.empty() ? own_address() : config.sender);
    if (!sender) {
        core::log::error("notification_email_from {} is not an address", config.sender);
    }
    settings.sender = sender.value_or(mail::Mailbox{.name = {}, .address = own_address()});
    for (const std::string& text : config.recipients) {
        if (auto recipient = mail::Mailbox::parse(text)) {
            settings.recipients.push_back(*std::move(recipient));
        } else {
            core::log::error("notification_email {} is not an address - ignoring", text);
        }
    }
    return settings.recipients.empty() ? std::nullopt : std::optional(std::move(settings));
}

/// A mail child, or the intention to have one.
class MailPost::Office : public std::enable_shared_from_this<Office> {
public:
    Office(core::Loop& loop, const Options& options, mail::Settings settings)
        : loop_(loop), options_(options), settings_(std::move(settings)), changed_(loop) {}

    /// What the constructor was given outlives every coroutine on the loop; the coroutine owns a share of this object.
    void open() { core::spawn(loop_, "the mail child", keep_running(shared_from_this())); }

    void send(core::message::Mail mail) {
        const std::size_t waiting = child_ ? child_->channel().backlog() : waiting_.size();
        if (waiting >= kMostWaiting) {
            if (lost_++ == 0) {
                core::log::warning("The mail process does not keep up: mails are being lost");
            }
        } else if (child_) {
            child_->channel().send(mail);
        } else {
            waiting_.push_back(std::move(mail));
        }
    }

    void close() {
        closed_ = true;
        if (child_) {
            child_->channel().send(core::message::Stop{});
        }
        changed_.notify();
    }

    void kill() {
        if (child_) {
            child_->kill();
        }
    }

    [[nodiscard]] const mail::Settings& settings() const { return settings_; }
    [[nodiscard]] pid_t pid() const { return child_ ? child_->pid() : 0; }

private:
    core::Awaitable<> keep_running([[maybe_unused]] std::shared_ptr<Office> self) {
        while (!closed_) {
            core::Duration delay{0};
            if (start()) {
                const auto child = child_;
                const Child::Exit exit = co_await child->exited();
                child->channel().close();
                child_.reset();
                if (closed_) {
                    break;
                }
                core::log::error("Mail child process({}) died ({} {}): Respawning", child->pid(),
                                 exit.by_signal ? "signal" : "status", exit.code);
                delay = respawn_delay_.after(core::now() - child->started());
            } else {
                delay = respawn_delay_.after(core::Duration{0});
            }
            const auto deadline = core::now() + delay;
            while (!closed_ && core::now() < deadline) {
                co_await changed_.wait(deadline);
            }
        }
    }

    bool start() {
        const auto body = [this](core::UniqueFd channel) {
            open_log(options_, "Keepalived_mail");
            return mail::run({.settings = settings_, .channel = std::move(channel)});
        };
        auto child = Child::start(loop_, body, {});
        if (!child) {
            core::log::error("Mail child: {}", child.error().what);
            return false;
        }
        child_ = std::move(*child);
        core::log::info("Starting Mail child process, pid={}", child_->pid());
        for (const core::message::Mail& mail : std::exchange(waiting_, {})) {
            child_->channel().send(mail);
        }
        if (lost_ > 0) {
            core::log::warning("{} mails were lost", std::exchange(lost_, 0));
        }
        return true;
    }

    core::Loop& loop_;
    const Options& options_;
    mail::Settings settings_;
    core::Condition changed_;
    std::shared_ptr<Child> child_;
    std::deque<core::message::Mail> waiting_;  // for a child
    std::size_t lost_ = 0;
    RespawnDelay respawn_delay_;
    bool closed_ = false;
};

MailPost::MailPost(core::Loop& loop, const Options& options) : loop_(loop), options_(options) {}

MailPost::~MailPost() = default;

void MailPost::configure(const core::GlobalConfig& config) {
    router_ = config.router_id.empty() ? host_name() : config.router_id;
    auto settings = mail_settings(config.mail);
    if (office_ && (!settings || !same(*settings, office_->settings()))) {
        close();
    }
    if (settings && !office_) {
        office_ = std::make_shared<Office>(loop_, options_, *std::move(settings));
        office_->open();
    }
}

void MailPost::send(std::string_view subject, std::string body) {
    if (office_) {
        office_->send({.time = static_cast<std::uint64_t>(std::time(nullptr)),
                       .subject = fmt::format("[{}] {}", router_, subject),
                       .body = std::move(body)});
    }
}

void MailPost::close() {
    std::erase_if(retired_, [](const std::weak_ptr<Office>& office) { return office.expired(); });
    if (office_) {
        office_->close();
        retired_.push_back(std::exchange(office_, nullptr));
    }
}

bool MailPost::busy() const {
    return std::ranges::any_of(retired_, [](const std::weak_ptr<Office>& office) { return !office.expired(); });
}

void MailPost::kill() {
    for (const std::weak_ptr<Office>& retired : retired_) {
        if (const auto office = retired.lock()) {
            office->kill();
        }
    }
}

bool MailPost::owns(pid_t pid) const {
    return (office_ && office_->pid() == pid) ||
           std::ranges::any_of(retired_, [pid](const std::weak_ptr<Office>& weak) {
               const auto office = weak.lock();
               return office && office->pid() == pid;
           });
}

}  // namespace sustain::daemon
