// What the attempts of one check amount to: whether its real server counts as up, and when to try what again
// (spec/lvs.md 4.2 and 4.3). Rules only: no socket, no clock.
#pragma once

#include <cstdint>

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "core/time.hpp"

namespace sustain::checker {

class Verdict {
public:
    enum class Event : std::uint8_t {
        none,      ///< nothing new
        up,        ///< first result, or it was down before: to be reported
        retrying,  ///< a failure that another attempt may still outweigh
        down,      ///< first result, or it was up before: to be reported
    };

    struct Decision {
        Event event = Event::none;
        core::Duration next_attempt{};  ///< from the end of this one (MISC_CHECK: from its beginning)
        bool operator==(const Decision&) const = default;
    };

    /// At the start of the daemon: down if alpha, up otherwise, and the very first failure is final, but for an
    /// SMTP_CHECK.
    [[nodiscard]] static Verdict at_start(const Check& check);
    /// Of a check that is known to be up or down, because its last result was.
    [[nodiscard]] static Verdict known(bool up) { return {up, true, 0}; }
    /// Of a check that a reload adds: up, with all its retries.
    [[nodiscard]] static Verdict added() { return {true, false, 0}; }
    /// The same of a real server that the reload adds as well: down if alpha.
    [[nodiscard]] static Verdict added_with_real_server(const Check& check) { return {!check.alpha, false, 0}; }
    /// This verdict for the equal check after a reload: it stays, and so do the failures as far as the new retry goes.
    [[nodiscard]] Verdict migrated_to(const Check& check) const;

    /// Takes the outcome of an attempt.
    [[nodiscard]] Decision apply(const Check& check, Outcome outcome);

    /// Which url of an HTTP_GET or SSL_GET is to be fetched next.
    [[nodiscard]] std::uint16_t url() const { return url_; }
    [[nodiscard]] bool up() const { return up_; }
    /// Whether there has been a result that was reported.
    [[nodiscard]] bool has_run() const { return has_run_; }
    /// Failures since the last success or change, to be compared with Check::retry.
    [[nodiscard]] unsigned failures() const { return failures_; }

    bool operator==(const Verdict&) const = default;

private:
    Verdict(bool up, bool has_run, unsigned failures) : failures_(failures), up_(up), has_run_(has_run) {}

    Decision apply_to_page(const Check& check, const HttpGet& http, Outcome outcome);
    Decision fail_page(const Check& check);

    unsigned failures_ = 0;
    std::uint16_t url_ = 0;
    bool up_ = true;
    bool has_run_ = false;
    bool url_failed_ = false;  ///< the url that is next is down: once it is good again, all have to be so in turn
};

}  // namespace sustain::checker
