// Fuzzes what an SMTP server may say, and what a configuration may put into a mail. The input is cut into pieces at
// each octet 0xff: the first is the text of an address, the second a subject and body, the others are what the server
// sends at a time.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/letter.hpp"
#include "mail/smtp_dialogue.hpp"
#include "promise.hpp"

using namespace sustain::mail;
using sustain::fuzz::check;

namespace {

std::vector<std::string_view> pieces_of(std::string_view input) {
    std::vector<std::string_view> pieces;
    for (;;) {
        const auto end = input.find('\xff');
        pieces.push_back(input.substr(0, end));
        if (end == std::string_view::npos) {
            return pieces;
        }
        input.remove_prefix(end + 1);
    }
}

/// A letter of these texts, whatever they are, ends at its end and has the header lines that it should.
std::string letter_of(std::string_view text, const Mailbox& to) {
    const std::string wire = to_wire(
        {.time = text.size(), .from = to, .to = {to, to}, .subject = std::string(text), .body = std::string(text)});
    check(wire.find("\r\n.\r\n") == wire.size() - 5, "only its end ends a letter");
    const std::string_view head = std::string_view(wire).substr(0, wire.find("\r\n\r\n"));
    std::size_t lines = 1;
    for (std::size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
        ++lines;
    }
    check(lines == 6, "a header has the lines that it should");
    return wire;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto pieces = pieces_of({reinterpret_cast<const char*>(data), size});
    const Mailbox to = Mailbox::parse(pieces.front()).value_or(Mailbox{"", "ops@example.net"});
    check(to.address.find_first_of(" \r\n<>") == std::string::npos, "an address ends no command");

    Envelope envelope{"host", "ka@example.net", {to.address, to.address}, {}};
    envelope.letter = letter_of(pieces.size() > 1 ? pieces[1] : std::string_view(), to);
    SmtpDialogue dialogue(std::move(envelope), "[192.0.2.1]:25");
    std::size_t commands = 0;
    for (std::size_t index = 2; index < pieces.size() && !dialogue.over(); ++index) {
        const std::string answer = dialogue.receive(pieces[index]);
        check(answer.empty() || answer.ends_with("\r\n"), "commands are whole lines");
        commands += answer.empty() ? 0 : 1;
    }
    check(commands <= 8, "a dialogue has an end");
    dialogue.closed();
    check(dialogue.over(), "a closed connection ends the dialogue");
    check(dialogue.sent() || !dialogue.failure().empty(), "a mail is sent, or it is said why not");
    return 0;
}
