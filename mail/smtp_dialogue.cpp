#include "mail/smtp_dialogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sustain::mail {

namespace {

// So much of a server's words goes to the log.
constexpr std::size_t kLongestQuote = 200;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

SmtpDialogue::SmtpDialogue(Envelope envelope, std::string server)
    : envelope_(std::move(envelope)), server_(std::move(server)) {}

std::string_view SmtpDialogue::step() const {
    switch (stage_) {
        case Stage::greeting: return "greeting";
        case Stage::helo: return "HELO";
        case Stage::mail: return "MAIL";
        case Stage::recipient: return "RCPT";
        case Stage::data: return "DATA";
        case Stage::letter: return "BODY";
        case Stage::quit: return "QUIT";
        case Stage::over: break;
    }
    return "end";
}

std::string SmtpDialogue::receive(std::string_view octets) {
    while (!octets.empty() && stage_ != Stage::over) {
        const std::size_t end = octets.find('\n');
        const std::string_view piece = octets.substr(0, end);
        if (line_.size() + piece.size() > kLongestLine) {
            fail("its reply is too long");
            return {};
        }
        line_ += piece;
        if (end == std::string_view::npos) {
            return {};
        }
        octets.remove_prefix(end + 1);
        if (line_.ends_with('\r')) {
            line_.pop_back();
        }
        if (!take_line(std::exchange(line_, {}))) {
            return {};
        }
        if (complete_) {
            // We ask one question at a time, so that nothing can follow the answer.
            if (!octets.empty() && stage_ != Stage::quit) {
                fail("it answered before it was asked");
                return {};
            }
            return react();
        }
    }
    return {};
}

bool SmtpDialogue::take_line(std::string_view line) {
    const bool starts_with_code = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) &&
                                  is_digit(line[2]) && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
    if (!starts_with_code) {
        fail(fmt::format("its reply is none: {}", line.substr(0, kLongestQuote)));
        return false;
    }
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (lines_ == 0) {
        code_ = code;
        text_ = line.substr(0, kLongestQuote);
    } else if (code != code_) {
        fail("the lines of its reply differ in their codes");
        return false;
    }
    if (++lines_ > kMostLines) {
        fail("its reply has too many lines");
        return false;
    }
    complete_ = line.size() == 3 || line[3] == ' ';
    return true;
}

std::string SmtpDialogue::react() {
    lines_ = 0;
    complete_ = false;
    const bool positive = code_ / 100 == 2;
    switch (stage_) {
        case Stage::greeting:
            if (!positive) {
                return refused();
            }
            stage_ = Stage::helo;
            return fmt::format("HELO {}\r\n", envelope_.helo);
        case Stage::helo:
            if (!positive) {
                return refused();
            }
            stage_ = Stage::mail;
            return fmt::format("MAIL FROM:<{}>\r\n", envelope_.sender);
        case Stage::mail:
            if (!positive || envelope_.recipients.empty()) {
                return refused();
            }
            stage_ = Stage::recipient;
            return fmt::format("RCPT TO:<{}>\r\n", envelope_.recipients.front());
        case Stage::recipient:
            if (positive) {
                ++accepted_;
            } else {
                refusals_.push_back(fmt::format("{} was refused: {}", envelope_.recipients[recipient_], text_));
            }
            return next_recipient_or_data();
        case Stage::data:
            if (code_ / 100 != 3) {
                return refused();
            }
            stage_ = Stage::letter;
            return envelope_.letter;
        case Stage::letter:
            if (!positive) {
                return refused();
            }
            sent_ = true;
            stage_ = Stage::quit;
            return "QUIT\r\n";
        case Stage::quit: stage_ = Stage::over; return {};
        case Stage::over: break;
    }
    return {};
}

std::string SmtpDialogue::next_recipient_or_data() {
    // 421: the server is about to close, and would say so to every further recipient.
    if (code_ != 421 && ++recipient_ < envelope_.recipients.size()) {
        return fmt::format("RCPT TO:<{}>\r\n", envelope_.recipients[recipient_]);
    }
    if (accepted_ == 0 || code_ == 421) {
        return refused();
    }
    stage_ = Stage::data;
    return "DATA\r\n";
}

/// The words are those of keepalived, which tools match.
std::string SmtpDialogue::refused() {
    const bool early = stage_ == Stage::greeting || stage_ == Stage::helo;
    failure_ = fmt::format("Error processing {} cmd on SMTP server {}. SMTP status code = {} ({})",
                           early ? "(E)SMTP" : step(), server_, code_, text_);
    stage_ = Stage::over;
    return "QUIT\r\n";
}

void SmtpDialogue::fail(std::string why) {
    if (stage_ != Stage::over) {
        failure_ = fmt::format("Error talking to SMTP server {}: {} ({})", server_, why, step());
        stage_ = Stage::over;
    }
}

void SmtpDialogue::closed() {
    if (stage_ != Stage::over) {
        failure_ = fmt::format("Remote SMTP server {} has closed the connection. ({})", server_, step());
        stage_ = Stage::over;
    }
}

}  // namespace sustain::mail
