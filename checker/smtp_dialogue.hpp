// The client's side of SMTP as far as SMTP_CHECK goes: greeting, HELO, QUIT (RFC 5321, spec/lvs.md 5.6). Takes what the
// server sends, in whatever pieces, and says what to send. No I/O, and no more memory than one line.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sustain::checker {

class SmtpDialogue {
public:
    enum class Next : std::uint8_t {
        read,     ///< more has to come from the server
        send,     ///< text() is to be sent, then what the server answers is to be read
        success,  ///< it said all that it should
        failure,  ///< text() says why
    };

    explicit SmtpDialogue(std::string_view helo_name) : helo_name_(helo_name) {}

    /// Octets from the server. What follows a complete answer in the same piece is dropped, as it answers nothing.
    /// After success or failure nothing may come any more.
    Next take(std::span<const std::uint8_t> octets);
    [[nodiscard]] const std::string& text() const { return text_; }

    /// What the server still owes, for people.
    [[nodiscard]] std::string_view awaited() const;

private:
    enum class Stage : std::uint8_t { greeting, helo, quit };

    Next take_line();
    Next fail(std::string_view line);

    /// The longest line; when it is full, it begins anew.
    static constexpr std::size_t kLineSize = 511;

    std::string helo_name_;
    std::array<char, kLineSize> line_;
    std::size_t length_ = 0;
    Stage stage_ = Stage::greeting;
    std::string text_;
};

}  // namespace sustain::checker
