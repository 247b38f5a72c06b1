#include "mail/mailbox.hpp"

#include <algorithm>

namespace sustain::mail {

namespace {

constexpr std::size_t kLongestAddress = 254;  // RFC 5321 4.5.3.1.3, less the brackets
constexpr std::size_t kLongestName = 200;
constexpr std::string_view kSpecials = "()<>[]:;@\\,.\"";  // RFC 5322 3.2.3

bool is_control(char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7f;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// A quoted name without its quotes and escapes.
std::string unquoted(std::string_view name) {
    if (name.size() < 2 || !name.starts_with('"') || !name.ends_with('"')) {
        return std::string(name);
    }
    name = name.substr(1, name.size() - 2);
    std::string result;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] == '\\' && at + 1 < name.size()) {
            ++at;
        }
        result += name[at];
    }
    return result;
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, is_control, ' ');
    return line;
}

std::optional<Mailbox> Mailbox::parse(std::string_view text) {
    Mailbox mailbox;
    const std::size_t bracket = text.rfind('<');
    if (bracket != std::string_view::npos) {
        std::string_view address = text.substr(bracket + 1);
        const std::size_t end = address.find('>');
        if (end == std::string_view::npos || !trimmed(address.substr(end + 1)).empty()) {
            return std::nullopt;
        }
        mailbox.address = trimmed(address.substr(0, end));
        mailbox.name = one_line(unquoted(trimmed(text.substr(0, bracket))).substr(0, kLongestName));
    } else {
        mailbox.address = trimmed(text);
    }
    const bool has_forbidden =
        std::ranges::any_of(mailbox.address, [](char c) { return is_control(c) || c == ' ' || c == '<' || c == '>'; });
    if (mailbox.address.empty() || mailbox.address.size() > kLongestAddress || has_forbidden) {
        return std::nullopt;
    }
    return mailbox;
}

std::string Mailbox::to_header() const {
    if (name.empty()) {
        return address;
    }
    if (name.find_first_of(kSpecials) == std::string::npos) {
        return name + " <" + address + ">";
    }
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + "\" <" + address + ">";
}

}  // namespace sustain::mail
