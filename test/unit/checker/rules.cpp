// Rules around the attempts: pages in turn, cycles of SMTP_CHECK, shared checks, results that are overdue.
#include <catch2/catch.hpp>

#include "checker/log_lines.hpp"
#include "checker/punctuality.hpp"
#include "checker/sharing.hpp"
#include "checker/verdict.hpp"

using namespace sustain;
using namespace sustain::checker;
using namespace std::chrono_literals;
using Event = Verdict::Event;
using Decision = Verdict::Decision;

namespace {

Check pages(unsigned count, bool fast = false) {
    Check check;
    HttpGet http;
    for (unsigned i = 0; i < count; ++i) {
        http.urls.emplace_back().path = fmt::format("/{}", i);
    }
    http.fast_recovery = fast;
    check.identity.kind = core::Boxed(std::move(http));
    check.real_server = "[192.0.2.1]:tcp:80";
    check.virtual_server = "[192.0.2.9]:tcp:80";
    check.retry = 1;
    check.delay_before_retry = 3s;
    check.delay_loop = 10s;
    return check;
}

template <typename Kind>
Check check_of(Kind kind) {
    Check check = pages(0);
    check.identity.kind = core::Boxed(std::move(kind));
    return check;
}

MiscCheck script() {
    MiscCheck misc;
    misc.arguments = {"/bin/probe"};
    misc.script = 0;
    return misc;
}

}  // namespace

TEST_CASE("pages are fetched in turn, and all of them have to be good") {
    const Check check = pages(2);
    Verdict verdict = Verdict::at_start(check);
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 10s});
    CHECK(verdict.url() == 1);
    CHECK_FALSE(verdict.has_run());
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::up, 10s});
    CHECK(verdict.url() == 0);
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 10s});

    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::retrying, 3s});
    CHECK(verdict.url() == 1);
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::down, 10s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::none, 10s});
    CHECK(verdict.url() == 1);

    // one good answer of what had failed, then a pass from the first one on
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 10s});
    CHECK(verdict.url() == 0);
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 10s});
    CHECK_FALSE(verdict.up());
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::up, 10s});
}

TEST_CASE("the first failure of a page at the start is final, a long retry delay counts while it is down") {
    Check check = pages(2);
    check.delay_before_retry = 30s;
    Verdict verdict = Verdict::at_start(check);
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 10s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::down, 30s});
    CHECK(verdict.apply(check, Outcome::abandoned) == Decision{Event::none, 10s});
}

TEST_CASE("fast recovery does not wait between the pages of a first pass, or one that may bring it up") {
    const Check check = pages(2, true);
    Verdict verdict = Verdict::at_start(check);
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 0s});
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::up, 10s});
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 10s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::retrying, 3s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::down, 10s});
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 0s});
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::none, 0s});
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::up, 10s});
}

TEST_CASE("an SMTP_CHECK makes all its attempts, at the start and while it is down") {
    Check check = check_of(SmtpCheck{});
    Verdict verdict = Verdict::at_start(check);
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::retrying, 3s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::down, 10s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::none, 3s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::none, 10s});
    CHECK(verdict.apply(check, Outcome::failure) == Decision{Event::none, 3s});
    CHECK(verdict.apply(check, Outcome::success) == Decision{Event::up, 10s});
}

TEST_CASE("equal checks share, others do not") {
    Config config;
    const Check first = pages(1);
    config.checks.push_back(first);
    Check other_server = first;
    other_server.virtual_server = "[192.0.2.10]:tcp:80";
    config.checks.push_back(other_server);  // 1: shares
    config.checks.push_back(first);         // 2: another page
    std::get<core::Boxed<HttpGet>>(config.checks[2].identity.kind)->urls[0].path = "/other";
    config.checks.push_back(first);  // 3: another protocol, which is not part of the identity
    std::get<core::Boxed<HttpGet>>(config.checks[3].identity.kind)->protocol = HttpProtocol::http_1_1;
    config.checks.push_back(first);  // 4: another pace
    config.checks[4].delay_loop = 11s;
    config.checks.push_back(first);  // 5: shares
    config.checks.push_back(first);  // 6: another verdict
    config.checks.push_back(first);  // 7: can be suspended
    config.checks[7].suspendable = true;
    config.checks.push_back(check_of(script()));  // 8 and 9: scripts
    config.checks.push_back(check_of(script()));
    config.checks.push_back(check_of(FileCheck{}));  // 10: no timetable
    config.checks.push_back(check_of(UdpCheck{}));   // 11 and 12: another payload, which is not part of the identity
    config.checks.push_back(check_of(UdpCheck{.payload = std::vector<std::uint8_t>{1}, .reply = {}}));
    std::vector<Verdict> verdicts(config.checks.size(), Verdict::known(true));
    verdicts[6] = Verdict::known(false);
    const Sharing sharing = share(config, verdicts);
    CHECK(sharing.leaders == std::vector<std::uint32_t>{0, 2, 3, 4, 6, 7, 8, 9, 11, 12});
    CHECK(sharing.next[0] == 1);
    CHECK(sharing.next[1] == 5);
    CHECK(sharing.next[5] == kNobody);
    CHECK(sharing.next[2] == kNobody);
}

TEST_CASE("a result that does not come is noticed once, and so is one that comes at last") {
    const Check check = pages(1);
    const core::TimePoint begin{1000s};
    Punctuality punctuality;
    punctuality.reset(2);
    CHECK(punctuality.newly_overdue(begin + 100h).empty());
    CHECK_FALSE(punctuality.expect(0, check, begin));
    // three times connect_timeout, and some grace
    CHECK(punctuality.newly_overdue(begin + 15s).empty());
    CHECK(punctuality.newly_overdue(begin + 18s) == std::vector<std::uint32_t>{0});
    CHECK(punctuality.newly_overdue(begin + 19s).empty());
    CHECK(punctuality.expect(0, check, begin + 30s));
    CHECK(punctuality.newly_overdue(begin + 40s).empty());
    CHECK_FALSE(punctuality.excuse(0));
    CHECK(punctuality.newly_overdue(begin + 100h).empty());
    punctuality.expect(0, check, core::TimePoint::max());
    CHECK(punctuality.newly_overdue(begin + 100h).empty());
}

TEST_CASE("the lines that tools look for") {
    const auto lines = [](const Check& check, Event event, unsigned retries) {
        return fmt::format("{}", fmt::join(log_lines(check, event, retries, "why", 0), "\n"));
    };
    Check http = pages(1);
    CHECK(lines(http, Event::up, 0) ==
          "HTTP status code success to [192.0.2.1]:tcp:80 url(/0)\n"
          "Remote Web server [192.0.2.1]:tcp:80 succeed on service.");
    CHECK(lines(http, Event::down, 2).ends_with("HTTP_CHECK on service [192.0.2.1]:tcp:80 failed after 2 retries."));
    CHECK(lines(http, Event::retrying, 0).empty());
    http.log_all_failures = true;
    CHECK_FALSE(lines(http, Event::retrying, 0).empty());
    CHECK(lines(http, Event::none, 0).empty());
    Check tcp = pages(0);
    tcp.identity.kind = TcpCheck{};
    CHECK(lines(tcp, Event::down, 0) == "TCP connection to [192.0.2.1]:tcp:80 failed.");
    CHECK(lines(tcp, Event::down, 2) == "TCP_CHECK on service [192.0.2.1]:tcp:80 failed after 2 retries.");
    Check misc = check_of(MiscCheck{.arguments = {"/bin/probe"}});
    CHECK(lines(misc, Event::up, 0) ==
          "Misc check for [[192.0.2.1]:tcp:80 VS [192.0.2.9]:tcp:80] by [/bin/probe] succeeded.");
    CHECK(lines(misc, Event::down, 0) ==
          "Misc check for [[192.0.2.1]:tcp:80 VS [192.0.2.9]:tcp:80] by [/bin/probe] failed (why).");
}
