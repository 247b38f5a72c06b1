#include "mail/letter.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>

namespace sustain::mail {

namespace {

// Not strftime's: those are in the language of the machine.
constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// With CR LF after each line, and a second dot where one begins a line (RFC 5321 4.5.2).
std::string lines_of(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of("\r\n");
        const std::string line = one_line(text.substr(0, end));
        if (line.starts_with('.')) {
            result += '.';
        }
        result += line + "\r\n";
        text.remove_prefix(end == std::string_view::npos ? text.size() : end);
        text.remove_prefix(text.starts_with("\r\n") ? 2 : (text.empty() ? 0 : 1));
    }
    return result;
}

}  // namespace

std::string date_of(std::uint64_t time) {
    const auto seconds = static_cast<std::time_t>(time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    const long offset = parts.tm_gmtoff / 60;  // minutes
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} {}{:02}{:02}", kDays[static_cast<std::size_t>(parts.tm_wday)],
                       parts.tm_mday, kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                       parts.tm_hour, parts.tm_min, parts.tm_sec, offset < 0 ? '-' : '+', std::abs(offset) / 60,
                       std::abs(offset) % 60);
}

std::string to_wire(const Letter& letter) {
    std::string text =
        fmt::format("Date: {}\r\nFrom: {}\r\nSubject: {}\r\nX-Mailer: Keepalived\r\nTo: ", date_of(letter.time),
                    letter.from.to_header(), one_line(letter.subject));
    for (std::size_t index = 0; index < letter.to.size(); ++index) {
        text += index == 0 ? "" : ",\r\n ";
        text += letter.to[index].to_header();
    }
    return text + "\r\n\r\n" + lines_of(letter.body) + "\r\n.\r\n";
}

}  // namespace sustain::mail
