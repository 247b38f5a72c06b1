#include "mail/smtp_dialogue.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using sustain::mail::SmtpDialogue;

namespace {

SmtpDialogue dialogue(std::vector<std::string> recipients = {"ops@example.net"}) {
    return SmtpDialogue({"host.example", "ka@example.net", std::move(recipients), "Subject: x\r\n\r\nbody\r\n.\r\n"},
                        "[192.0.2.1]:25");
}

/// What is sent in return for each of the replies.
std::vector<std::string> answers(SmtpDialogue& conversation, const std::vector<std::string>& replies) {
    std::vector<std::string> sent;
    for (const std::string& reply : replies) {
        sent.push_back(conversation.receive(reply));
    }
    return sent;
}

}  // namespace

TEST_CASE("a mail is sent step by step") {
    auto mail = dialogue({"one@example.net", "two@example.net"});
    const auto sent = answers(mail, {"220 hello\r\n", "250 pleased to meet you\r\n", "250 ok\r\n", "250 ok\r\n",
                                     "251 will forward\r\n", "354 go ahead\r\n", "250 queued\r\n"});
    CHECK(sent == std::vector<std::string>{"HELO host.example\r\n", "MAIL FROM:<ka@example.net>\r\n",
                                           "RCPT TO:<one@example.net>\r\n", "RCPT TO:<two@example.net>\r\n", "DATA\r\n",
                                           "Subject: x\r\n\r\nbody\r\n.\r\n", "QUIT\r\n"});
    CHECK(mail.sent());
    CHECK_FALSE(mail.over());
    CHECK(mail.receive("221 bye\r\n").empty());
    CHECK(mail.over());
    CHECK(mail.failure().empty());
}

TEST_CASE("replies of several lines, without CR, without text and in single octets are understood") {
    auto mail = dialogue();
    CHECK(mail.receive("220-welcome\r\n220-to\n220 us\r\n") == "HELO host.example\r\n");
    std::string sent;
    for (const char octet : std::string("250-a\r\n250-b\r\n250\r\n")) {
        CHECK(sent.empty());
        sent += mail.receive({&octet, 1});
    }
    CHECK(sent == "MAIL FROM:<ka@example.net>\r\n");
}

TEST_CASE("a refusal ends the mail, with a goodbye and keepalived's words") {
    const std::vector<std::string> good{"220 a\r\n", "250 b\r\n", "250 c\r\n", "250 d\r\n", "354 e\r\n", "250 f\r\n"};
    const std::vector<std::string> steps{"(E)SMTP", "(E)SMTP", "MAIL", "RCPT", "DATA", "BODY"};
    for (std::size_t step = 0; step < good.size(); ++step) {
        auto mail = dialogue();
        const std::vector<std::string> before(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(step));
        answers(mail, before);
        CHECK(mail.receive("550 no\r\n") == "QUIT\r\n");
        CHECK(mail.over());
        CHECK_FALSE(mail.sent());
        CHECK(mail.failure() == "Error processing " + steps[step] +
                                    " cmd on SMTP server [192.0.2.1]:25. SMTP status code = 550 (550 no)");
    }
}

TEST_CASE("one recipient that is refused does not keep the others from their mail") {
    auto mail = dialogue({"one@example.net", "two@example.net"});
    const auto sent = answers(mail, {"220 a\r\n", "250 b\r\n", "250 c\r\n", "550 unknown\r\n", "250 d\r\n"});
    CHECK(sent.back() == "DATA\r\n");
    CHECK(mail.refusals() == std::vector<std::string>{"one@example.net was refused: 550 unknown"});

    auto none = dialogue({"one@example.net", "two@example.net"});
    answers(none, {"220 a\r\n", "250 b\r\n", "250 c\r\n", "550 unknown\r\n", "550 unknown\r\n"});
    CHECK(none.over());
    CHECK_FALSE(none.sent());

    auto closing = dialogue({"one@example.net", "two@example.net"});
    CHECK(answers(closing, {"220 a\r\n", "250 b\r\n", "250 c\r\n", "421 closing\r\n"}).back() == "QUIT\r\n");
    CHECK(closing.over());
}

TEST_CASE("after the server has taken the letter nothing makes the mail a failure") {
    for (const std::string last : {"550 what\r\n", "nonsense\r\n", "221 a\r\n221 b\r\n", ""}) {
        auto mail = dialogue();
        answers(mail, {"220 a\r\n", "250 b\r\n", "250 c\r\n", "250 d\r\n", "354 e\r\n", "250 f\r\n"});
        if (last.empty()) {
            mail.closed();
        } else {
            CHECK(mail.receive(last).empty());
        }
        CHECK(mail.over());
        CHECK(mail.sent());
    }
}

TEST_CASE("hostile servers end in a clear failure") {
    const auto fails_with = [](const std::string& reply, const std::string& why) {
        auto mail = dialogue();
        INFO(reply.substr(0, 40));
        CHECK(mail.receive(reply).empty());
        CHECK(mail.over());
        CHECK_FALSE(mail.sent());
        CHECK(mail.failure() == "Error talking to SMTP server [192.0.2.1]:25: " + why + " (greeting)");
        CHECK(mail.receive("220 again\r\n").empty());
    };
    fails_with("HTTP/1.1 200 OK\r\n", "its reply is none: HTTP/1.1 200 OK");
    fails_with("\r\n", "its reply is none: ");
    fails_with("22\r\n", "its reply is none: 22");
    fails_with("2200 x\r\n", "its reply is none: 2200 x");
    fails_with("199 x\r\n", "its reply is none: 199 x");
    fails_with("220 a\r\n250 b\r\n", "it answered before it was asked");
    fails_with("220 a\r\n2", "it answered before it was asked");
    fails_with("220-a\r\n250 b\r\n", "the lines of its reply differ in their codes");
    fails_with(std::string(SmtpDialogue::kLongestLine + 1, '2'), "its reply is too long");
    std::string endless;
    for (std::size_t line = 0; line <= SmtpDialogue::kMostLines; ++line) {
        endless += "220-more\r\n";
    }
    fails_with(endless, "its reply has too many lines");

    auto mail = dialogue();
    mail.closed();
    CHECK(mail.failure() == "Remote SMTP server [192.0.2.1]:25 has closed the connection. (greeting)");
}
