#include "checker/migrate.hpp"

#include <catch2/catch.hpp>

#include <ctime>

using namespace sustain::checker;
using namespace std::chrono_literals;
using sustain::core::Address;

namespace {

Check make_check(std::string real_server, std::uint16_t port, bool alpha = false) {
    Check check;
    check.virtual_server = "[10.0.0.1]:tcp:80";
    check.real_server = std::move(real_server);
    check.identity.endpoint = {Address::ipv4(0x0a000002), port, std::nullopt, 0, {}, 0};
    check.alpha = alpha;
    check.retry = 3;
    return check;
}

const Verdict kUp = Verdict::known(true);
const Verdict kDown = Verdict::known(false);

}  // namespace

TEST_CASE("checks keep their verdict through a reload wherever they stand in the new configuration") {
    const Config before{{make_check("A", 1), make_check("A", 2), make_check("B", 1)}};
    const Config after{{make_check("B", 1), make_check("A", 2), make_check("A", 1)}};
    const auto migrated = migrate(before, {kUp, kDown, kUp}, after);
    CHECK(migrated == std::vector{kUp, kDown, kUp});
    CHECK(migrate(before, {kDown, kUp, kUp}, after) == std::vector{kUp, kUp, kDown});
}

TEST_CASE("timers, retry and alpha are not what makes a check the same; destination and source are") {
    const Config before{{make_check("A", 1)}};
    Check check = make_check("A", 1, true);
    check.retry = 9;
    check.delay_loop = 1s;
    check.delay_before_retry = 9s;
    check.warmup = 0s;
    CHECK(migrate(before, {kDown}, {{check}}) == std::vector{kDown});
    CHECK(migrate(before, {kUp}, {{check}}) == std::vector{kUp});

    const auto differs = GENERATE(0, 1, 2, 3, 4, 5, 6);
    Check other = make_check("A", 1);
    switch (differs) {
        case 0: other.identity.endpoint.port = 2; break;
        case 1: other.identity.endpoint.address = Address::ipv4(0x0a000003); break;
        case 2: other.identity.endpoint.bind_address = Address::ipv4(0x0a000009); break;
        case 3: other.identity.endpoint.bind_interface = "eth0"; break;
        case 4: other.identity.endpoint.fwmark = 1; break;
        case 5: other.identity.connect_timeout = 1s; break;
        default: other.virtual_server = "[10.0.0.1]:tcp:81";
    }
    CHECK(migrate(before, {kUp}, {{other}}).front().has_run() == false);
}

TEST_CASE("a check that replaces the only failed one of its real server counts as up, and one failure is enough") {
    const Config before{{make_check("A", 1)}};
    const Check replacement = make_check("A", 2);
    const auto migrated = migrate(before, {kDown}, {{replacement}});
    CHECK(migrated.front() == Verdict::at_start(replacement));
    CHECK(migrated.front().up());
    CHECK(migrated.front().failures() == replacement.retry);
}

TEST_CASE("a check added to a real server that is up counts as up, alpha or not, with all its retries") {
    const bool alpha = GENERATE(false, true);
    const Config before{{make_check("A", 1)}};
    const auto migrated = migrate(before, {kUp}, {{make_check("A", 1), make_check("A", 2, alpha)}});
    CHECK(migrated[1] == Verdict::added());
}

TEST_CASE("an alpha check added beside a failed one is down") {
    const Config before{{make_check("A", 1)}};
    const auto migrated = migrate(before, {kDown}, {{make_check("A", 2, true), make_check("A", 1)}});
    CHECK_FALSE(migrated[0].up());
    CHECK(migrated[0].failures() == 3);
    CHECK(migrated[1] == kDown);
}

TEST_CASE("checks of a new real server begin down if alpha, with all their retries") {
    const Config before{{make_check("A", 1)}};
    const auto migrated = migrate(before, {kUp}, {{make_check("B", 1), make_check("C", 1, true)}});
    CHECK(migrated[0].up());
    CHECK(migrated[0].failures() == 0);
    CHECK_FALSE(migrated[1].up());
    CHECK(migrated[1].failures() == 0);
}

TEST_CASE("of equal checks of one real server the n-th inherits from the n-th") {
    const Check check = make_check("A", 1);
    CHECK(migrate({{check, check}}, {kUp, kDown}, {{check, check}}) == std::vector{kUp, kDown});
    CHECK(migrate({{check, check}}, {kUp, kDown}, {{check}}) == std::vector{kUp});
    const auto more = migrate({{check}}, {kUp}, {{check, check}});
    CHECK(more[0] == kUp);
    CHECK_FALSE(more[1].has_run());
}

TEST_CASE("160,000 checks are migrated in linear time") {
    Config config;
    std::vector<Verdict> verdicts;
    for (unsigned i = 0; i < 160'000; ++i) {
        config.checks.push_back(make_check("RS " + std::to_string(i / 2), static_cast<std::uint16_t>(i % 2)));
        verdicts.push_back(i % 3 == 0 ? kDown : kUp);
    }
    const std::clock_t begin = std::clock();  // of this process alone: the machine may be busy
    CHECK(migrate(config, verdicts, config) == verdicts);
    CHECK(std::clock() - begin < 5 * CLOCKS_PER_SEC);
}
