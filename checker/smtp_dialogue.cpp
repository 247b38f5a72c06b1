#include "checker/smtp_dialogue.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sustain::checker {

namespace {

constexpr std::size_t kShownLength = 80;

bool has_code(std::string_view line) {
    return line.size() >= 3 && std::ranges::all_of(line.substr(0, 3), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

SmtpDialogue::Next SmtpDialogue::take(std::span<const std::uint8_t> octets) {
    for (const std::uint8_t octet : octets) {
        if (octet == '\n') {
            const Next next = take_line();
            length_ = 0;
            if (next != Next::read) {
                return next;
            }
            continue;
        }
        line_[length_++] = static_cast<char>(octet);
        if (length_ == kLineSize) {
            length_ = 0;
        }
    }
    return Next::read;
}

SmtpDialogue::Next SmtpDialogue::take_line() {
    if (stage_ == Stage::quit) {
        return Next::success;  // whatever it says
    }
    const std::string_view line(line_.data(), length_);
    const std::string_view expected = stage_ == Stage::greeting ? "220" : "250";
    // "220" CR LF, without a blank, is refused, as the reference does it.
    const bool last = line.size() == 3 || (line.size() > 3 && line[3] == ' ');
    const bool more = line.size() > 3 && line[3] == '-';
    if (!has_code(line) || line.substr(0, 3) != expected || !(last || more)) {
        return fail(line);
    }
    if (more) {
        return Next::read;
    }
    text_ = stage_ == Stage::greeting ? fmt::format("HELO {}\r\n", helo_name_) : "QUIT\r\n";
    stage_ = stage_ == Stage::greeting ? Stage::helo : Stage::quit;
    return Next::send;
}

SmtpDialogue::Next SmtpDialogue::fail(std::string_view line) {
    line = line.substr(0, std::min(kShownLength, line.find('\r')));
    text_ = fmt::format("bad {}: '{}'", awaited(), line);
    return Next::failure;
}

std::string_view SmtpDialogue::awaited() const {
    switch (stage_) {
        case Stage::greeting: return "greeting";
        case Stage::helo: return "answer to HELO";
        case Stage::quit: break;
    }
    return "answer to QUIT";
}

}  // namespace sustain::checker
