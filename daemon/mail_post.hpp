// Where the parent hands in its mails: keeps the mail child that sends them (mail/process.hpp), starts it again when it
// dies, and replaces it when a reload changes how mail is sent. Handing in never waits; what a dead or slow child does
// not take is bounded, and lost mails are logged once.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/loop.hpp"
#include "daemon/options.hpp"
#include "mail/process.hpp"

namespace sustain::daemon {

/// How mail is sent, or nothing if it cannot be: without a server or a usable recipient. What is wrong with an address
/// is logged.
[[nodiscard]] std::optional<mail::Settings> mail_settings(const core::MailSettings& config);

class MailPost {
public:
    /// Mails that wait for the child.
    static constexpr std::size_t kMostWaiting = 1000;

    /// What is referred to must outlive it.
    MailPost(core::Loop& loop, const Options& options);
    ~MailPost();
    MailPost(const MailPost&) = delete;
    MailPost& operator=(const MailPost&) = delete;

    /// At start and after a reload. A child whose settings are of yesterday still sends what it has.
    void configure(const core::GlobalConfig& config);

    /// The subject is sent after "[ROUTER] ".
    void send(std::string_view subject, std::string body);

    /// No more mails come: the child is to end when it has sent all.
    void close();
    /// Children that have not ended yet.
    [[nodiscard]] bool busy() const;
    void kill();

    /// Whether the process is one of ours.
    [[nodiscard]] bool owns(pid_t pid) const;

private:
    class Office;

    core::Loop& loop_;
    const Options& options_;
    std::string router_;
    std::shared_ptr<Office> office_;                ///< empty while no mail can be sent
    std::vector<std::weak_ptr<Office>> retired_{};  ///< that may not be done yet
};

}  // namespace sustain::daemon
