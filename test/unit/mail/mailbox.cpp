#include "mail/mailbox.hpp"

#include <catch2/catch.hpp>

using sustain::mail::Mailbox;
using sustain::mail::one_line;

TEST_CASE("addresses are read with and without a name") {
    CHECK(Mailbox::parse("ops@example.net") == Mailbox{"", "ops@example.net"});
    CHECK(Mailbox::parse("  ops@example.net ") == Mailbox{"", "ops@example.net"});
    CHECK(Mailbox::parse("<ops@example.net>") == Mailbox{"", "ops@example.net"});
    CHECK(Mailbox::parse("Two Persons <two@example.net>") == Mailbox{"Two Persons", "two@example.net"});
    CHECK(Mailbox::parse("\"Persons, \\\"Two\\\"\" <two@example.net>") ==
          Mailbox{"Persons, \"Two\"", "two@example.net"});
    CHECK(Mailbox::parse("root") == Mailbox{"", "root"});  // local ones need no domain
}

TEST_CASE("what cannot be sent to is no address") {
    for (const char* const text : {"", " ", "<>", "Name <>", "a b@example.net", "<a@b> c", "Name <a@b",
                                   "a@b\r\nRCPT TO:evil@example.net", "Name <a@b\nDATA>", "a@b\x01", "<<a@b>>x"}) {
        INFO(text);
        CHECK_FALSE(Mailbox::parse(text));
    }
    CHECK_FALSE(Mailbox::parse(std::string(255, 'a')));
    CHECK_FALSE(Mailbox::parse(std::string_view("a\0b@c", 5)));
}

TEST_CASE("names stand in quotes where they need them, and end no header line") {
    CHECK(Mailbox{"", "a@b"}.to_header() == "a@b");
    CHECK(Mailbox{"Two Persons", "a@b"}.to_header() == "Two Persons <a@b>");
    CHECK(Mailbox{"Persons, Two", "a@b"}.to_header() == "\"Persons, Two\" <a@b>");
    CHECK(Mailbox{"a \"b\" \\c", "a@b"}.to_header() == "\"a \\\"b\\\" \\\\c\" <a@b>");
    const auto injected = Mailbox::parse("x\r\nBcc: evil@example.net\r\n <a@b>");
    REQUIRE(injected);
    CHECK(injected->to_header().find_first_of("\r\n") == std::string::npos);
    CHECK(one_line("a\r\nb\tc\x7f") == "a  b c ");
}
