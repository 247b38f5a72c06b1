// The parsers of what servers say to DNS_CHECK, SMTP_CHECK, UDP_CHECK, PING_CHECK and of scripts' ends.
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include <catch2/catch.hpp>
#include <string_view>

#include "checker/dns_message.hpp"
#include "checker/echo_message.hpp"
#include "checker/misc_check.hpp"
#include "checker/smtp_dialogue.hpp"
#include "checker/udp_reply.hpp"

using namespace sustain;
using namespace sustain::checker;
using Octets = std::vector<std::uint8_t>;

namespace {

std::span<const std::uint8_t> octets(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

TEST_CASE("DNS queries are the reference's, octet by octet") {
    CHECK(make_dns_query({}, 0x1234) == Octets{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1});
    const auto query = make_dns_query({DnsType::aaaa, "example.com"}, 7);
    REQUIRE(query.has_value());
    CHECK(query->size() == 29);
    CHECK(Octets(query->begin() + 12, query->end()) ==
          Octets{7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0, 0, 28, 0, 1});
}

TEST_CASE("a label of one letter is a label, one that cannot be sent is none") {
    const auto query = make_dns_query({DnsType::a, "a.b.c"}, 7);
    REQUIRE(query.has_value());
    CHECK(Octets(query->begin() + 12, query->end()) == Octets{1, 'a', 1, 'b', 1, 'c', 0, 0, 1, 0, 1});
    CHECK(make_dns_query({DnsType::a, std::string(63, 'x')}, 7).has_value());
    CHECK_FALSE(make_dns_query({DnsType::a, std::string(64, 'x')}, 7).has_value());
    CHECK_FALSE(make_dns_query({DnsType::a, "a..b"}, 7).has_value());
    CHECK_FALSE(make_dns_query({DnsType::a, std::string(300, '.')}, 7).has_value());
}

TEST_CASE("of a DNS answer the header counts") {
    const Octets good{0, 7, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0};
    CHECK(read_dns_answer(good, 7).kind == DnsAnswer::Kind::good);
    CHECK(read_dns_answer(good, 8).kind == DnsAnswer::Kind::foreign);
    CHECK(read_dns_answer(std::span(good).first(11), 7).kind == DnsAnswer::Kind::foreign);
    Octets truncated = good;
    truncated[2] |= 2;
    CHECK(read_dns_answer(truncated, 7).kind == DnsAnswer::Kind::good);
    Octets question = good;
    question[2] = 1;
    CHECK(read_dns_answer(question, 7).kind == DnsAnswer::Kind::foreign);
    Octets refused = good;
    refused[3] = 5;
    CHECK(read_dns_answer(refused, 7).kind == DnsAnswer::Kind::bad);
    CHECK(read_dns_answer(refused, 7).response_code == 5);
    Octets loop = good;  // a name that points at itself
    loop.insert(loop.end(), {0xc0, 0x0c, 0, 6, 0, 1});
    CHECK(read_dns_answer(loop, 7).kind == DnsAnswer::Kind::good);
}

TEST_CASE("SMTP goes through greeting, HELO and QUIT") {
    using Next = SmtpDialogue::Next;
    SmtpDialogue dialogue("me");
    CHECK(dialogue.take(octets("220 hello\r\n")) == Next::send);
    CHECK(dialogue.text() == "HELO me\r\n");
    CHECK(dialogue.take(octets("25")) == Next::read);
    CHECK(dialogue.take(octets("0 fine\r\n250 dropped")) == Next::send);
    CHECK(dialogue.text() == "QUIT\r\n");
    CHECK(dialogue.take(octets("whatever\r")) == Next::read);
    CHECK(dialogue.take(octets("\n")) == Next::success);
}

TEST_CASE("SMTP answers may have several lines") {
    using Next = SmtpDialogue::Next;
    SmtpDialogue dialogue("me");
    CHECK(dialogue.take(octets("220-mail.example.org\r\n220-no spam\r\n")) == Next::read);
    CHECK(dialogue.take(octets("220 welcome\r\n")) == Next::send);
    CHECK(dialogue.take(octets("250-a\r\n250-b\r\n250\n")) == Next::send);
    CHECK(dialogue.take(octets("221 bye\r\n")) == Next::success);
}

TEST_CASE("SMTP answers that are none") {
    for (const std::string_view greeting :
         {"220\r\n", " 220 x\r\n", "22 x\r\n", "2200 x\r\n", "220_x\r\n", "221 x\r\n", "421 busy\r\n", "\r\n", "\n",
          "220-a\r\n221 b\r\n", "HTTP/1.0 200 OK\r\n"}) {
        INFO(greeting);
        SmtpDialogue dialogue("me");
        CHECK(dialogue.take(octets(greeting)) == SmtpDialogue::Next::failure);
        CHECK_FALSE(dialogue.text().empty());
    }
    SmtpDialogue dialogue("me");
    for (int i = 0; i < 100'000; ++i) {  // a line without end
        REQUIRE(dialogue.take(octets("220 xxxxxxxxxxxx")) == SmtpDialogue::Next::read);
    }
}

TEST_CASE("a UDP reply is compared as far as it and the pattern go") {
    UdpCheck check;
    check.require_reply = true;
    CHECK(is_good_reply(check, {}, 70'000));
    check.reply = BytePattern{{0x12, 0x30, 0xff}, {0xff, 0xf0, 0xff}};
    CHECK(is_good_reply(check, Octets{0x12, 0x3f, 0xff, 9}, 4));
    CHECK(is_good_reply(check, Octets{0x12}, 1));
    CHECK(is_good_reply(check, {}, 0));
    CHECK_FALSE(is_good_reply(check, Octets{0x12, 0x4f, 0xff}, 3));
    CHECK_FALSE(is_good_reply(check, Octets{0x12, 0x3f, 0xff}, 256));
    check.min_reply_length = 2;
    CHECK_FALSE(is_good_reply(check, Octets{0x12}, 1));
    check.max_reply_length = 2;
    CHECK(is_good_reply(check, Octets{0x12, 0x31}, 2));
    CHECK_FALSE(is_good_reply(check, Octets{0x12, 0x31, 0xff}, 3));
}

TEST_CASE("unreachable is a failure, other errors only where a certain reply is wanted") {
    UdpCheck check;
    const NetworkError unreachable{.icmp = true, .type = ICMP_DEST_UNREACH, .code = 13};
    const NetworkError unreachable6{.icmpv6 = true, .type = ICMP6_DST_UNREACH};
    const NetworkError exceeded{.icmp = true, .type = ICMP_TIME_EXCEEDED};
    CHECK(is_failure(check, unreachable));
    CHECK(is_failure(check, unreachable6));
    CHECK_FALSE(is_failure(check, exceeded));
    CHECK_FALSE(is_failure(check, {.icmp = true, .type = ICMP6_DST_UNREACH}));
    check.require_reply = true;
    CHECK_FALSE(is_failure(check, exceeded));
    check.reply = BytePattern{{1}, {255}};
    CHECK(is_failure(check, exceeded));
    CHECK_FALSE(is_unreachable(read_network_error({})));
}

TEST_CASE("echo requests are the reference's, and a reply answers the last one") {
    const EchoRequest request = make_echo_request(core::Address::Family::ipv4, 0x0102);
    CHECK(request.size() == 136);
    CHECK(request[0] == 8);
    CHECK(request[6] == 1);
    CHECK(request[7] == 2);
    CHECK(std::string(request.begin() + 8, request.begin() + 8 + 40) == "keepalived check - keepalived check - ke");
    CHECK(make_echo_request(core::Address::Family::ipv6, 1)[0] == 128);
    Octets reply(request.begin(), request.end());
    reply[0] = 0;
    using core::Address;
    CHECK(is_echo_reply(reply, Address::Family::ipv4, 0x0102));
    CHECK_FALSE(is_echo_reply(reply, Address::Family::ipv4, 0x0103));
    CHECK_FALSE(is_echo_reply(reply, Address::Family::ipv6, 0x0102));
    CHECK_FALSE(is_echo_reply(std::span(reply).first(7), Address::Family::ipv4, 0x0102));
    CHECK(is_echo_reply(std::span(reply).first(8), Address::Family::ipv4, 0x0102));
}

TEST_CASE("what the end of a script says") {
    using How = core::CommandStatus::How;
    MiscCheck check{.arguments = {"/bin/probe"}};
    check.configured_weight = 3;
    CHECK(judge(check, {How::exited, 0}).outcome == Outcome::success);
    CHECK(judge(check, {How::exited, 0}).weight == std::nullopt);
    CHECK(judge(check, {How::exited, 2}).outcome == Outcome::failure);
    check.dynamic = true;
    CHECK(judge(check, {How::exited, 0}).weight == 0);
    CHECK(judge(check, {How::exited, 1}).outcome == Outcome::failure);
    CHECK(judge(check, {How::exited, 1}).weight == 0);
    CHECK(judge(check, {How::exited, 2}).outcome == Outcome::success);
    CHECK(judge(check, {How::exited, 2}).weight == -3);
    CHECK(judge(check, {How::exited, 255}).weight == 250);
    CHECK(judge(check, {How::killed, 9}).outcome == Outcome::failure);
    CHECK(judge(check, {How::timed_out, 0}).outcome == Outcome::failure);
    CHECK(judge(check, {How::not_run, 11}).outcome == Outcome::abandoned);
    CHECK(judge(check, {How::not_run, 11}).weight == std::nullopt);
    CHECK_FALSE(judge(check, {How::not_run, ENOENT}).reason.empty());
    CHECK(judge(check, {How::not_run, ESTALE}).reason.empty());  // a reload is under way
}
