// One mail over one connection to an SMTP server (RFC 5321), as a state machine without a socket: octets of the server
// come in, commands go out. What the server says is not trusted. Replies are bounded in length and number of lines,
// one that comes before it is due is an error, and whatever happens ends in either sent() or a failure() for people.
//
//     HELO, MAIL FROM, RCPT TO for each recipient, DATA, the letter, QUIT; no extensions (spec/outputs.md section 7)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sustain::mail {

struct Envelope {
    std::string helo;                     ///< the name of this host
    std::string sender;                   ///< an address without brackets: Mailbox::address
    std::vector<std::string> recipients;  ///< likewise; at least one
    std::string letter;                   ///< as Letter makes it: ends with the line that holds a dot
};

class SmtpDialogue {
public:
    static constexpr std::size_t kLongestLine = 2048;  ///< RFC 5321 4.5.3.1.5 allows 512
    static constexpr std::size_t kMostLines = 100;     ///< of one reply

    /// `server` names it in failures: "[192.0.2.1]:25".
    SmtpDialogue(Envelope envelope, std::string server);

    /// What the server has sent. \return what to send to it now; when over() holds, as the last thing before closing.
    [[nodiscard]] std::string receive(std::string_view octets);
    /// The server has closed its end, or the connection is broken: over() holds from then on.
    void closed();

    /// Nothing more is to be said: close the connection.
    [[nodiscard]] bool over() const { return stage_ == Stage::over; }
    /// The server has taken the letter, whatever comes later.
    [[nodiscard]] bool sent() const { return sent_; }
    /// Why it has not, for the log; what the server said is quoted. Only when over() and not sent().
    [[nodiscard]] const std::string& failure() const { return failure_; }
    /// For each recipient that the server refused, while it took others: the same for the log.
    [[nodiscard]] const std::vector<std::string>& refusals() const { return refusals_; }
    /// What is being waited for: "HELO", "RCPT" and so on, for the log.
    [[nodiscard]] std::string_view step() const;

private:
    enum class Stage : unsigned char { greeting, helo, mail, recipient, data, letter, quit, over };

    /// False: what came is no reply.
    [[nodiscard]] bool take_line(std::string_view line);
    [[nodiscard]] std::string react();
    [[nodiscard]] std::string next_recipient_or_data();
    [[nodiscard]] std::string refused();
    void fail(std::string why);

    Envelope envelope_;
    std::string server_;
    Stage stage_ = Stage::greeting;
    std::string line_;  ///< that is not complete yet
    // The reply that is being read.
    int code_ = 0;
    std::size_t lines_ = 0;
    bool complete_ = false;
    std::string text_;  ///< its first line, for the log

    std::size_t recipient_ = 0;  ///< the one that RCPT was sent for
    std::size_t accepted_ = 0;
    bool sent_ = false;
    std::string failure_;
    std::vector<std::string> refusals_;
};

}  // namespace sustain::mail
