#include "mail/letter.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <ctime>

using namespace sustain::mail;

namespace {

/// A time zone for one test.
struct Zone {
    explicit Zone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~Zone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;
};

constexpr std::uint64_t kTime = 1'795'355'677;  // 2026-11-22 13:54:37 UTC

}  // namespace

TEST_CASE("a letter is what keepalived writes") {
    const Zone zone("UTC0");
    const Letter letter{.time = kTime,
                        .from = {"", "ka@example.net"},
                        .to = {{"", "ops@example.net"}, {"Two", "two@example.net"}},
                        .subject = "[r1] VRRP Instance V1 - Entering MASTER state",
                        .body = "=> VRRP Instance is now owning VRRP VIPs <="};
    CHECK(to_wire(letter) ==
          "Date: Sun, 22 Nov 2026 13:54:37 +0000\r\n"
          "From: ka@example.net\r\n"
          "Subject: [r1] VRRP Instance V1 - Entering MASTER state\r\n"
          "X-Mailer: Keepalived\r\n"
          "To: ops@example.net,\r\n"
          " Two <two@example.net>\r\n"
          "\r\n"
          "=> VRRP Instance is now owning VRRP VIPs <=\r\n"
          "\r\n"
          ".\r\n");
}

TEST_CASE("the date is the local one") {
    {
        const Zone zone("EST5");
        CHECK(date_of(kTime) == "Sun, 22 Nov 2026 08:54:37 -0500");
    }
    const Zone zone("IST-5:30");
    CHECK(date_of(kTime) == "Sun, 22 Nov 2026 19:24:37 +0530");
}

TEST_CASE("neither a header line nor the end of the letter can be injected") {
    Letter letter{.time = kTime,
                  .from = {"", "a@b"},
                  .to = {{"", "c@d"}},
                  .subject = "x\r\nBcc: evil@example.net\n\nbody",
                  .body = "one\r\n.\r\nQUIT\n.\n..two\rthree"};
    const std::string wire = to_wire(letter);
    CHECK(wire.find("\r\nBcc:") == std::string::npos);
    CHECK(wire.find("\r\n.\r\n") == wire.size() - 5);
    CHECK(wire.ends_with("\r\n\r\none\r\n..\r\nQUIT\r\n..\r\n...two\r\nthree\r\n\r\n.\r\n"));
    for (std::size_t at = wire.find('\n'); at != std::string::npos; at = wire.find('\n', at + 1)) {
        CHECK(wire[at - 1] == '\r');
    }
    letter.body.clear();
    CHECK(to_wire(letter).ends_with("\r\n\r\n\r\n.\r\n"));
}
