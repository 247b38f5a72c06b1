#include "ipvs/pool.hpp"

#include <linux/ip_vs.h>

#include <catch2/catch.hpp>
#include <map>

#include "examples.hpp"
#include "ipvs/log_lines.hpp"
#include "ipvs/notice.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

using Kind = Transition::Kind;
/// Last octet of the address -> weight, as the kernel ought to have it.
using Weights = std::map<int, std::int32_t>;

Weights weights(const Pool& pool) {
    Weights result;
    for (const auto& [key, settings] : pool.desired().destinations) {
        REQUIRE(result.emplace(key.address.octets()[3], settings.weight).second);
    }
    return result;
}

std::vector<Kind> kinds(const std::vector<Transition>& transitions) {
    std::vector<Kind> result;
    for (const Transition& transition : transitions) {
        result.push_back(transition.kind);
    }
    return result;
}

using Kinds = std::vector<Kind>;

std::vector<std::string> lines(const std::vector<Transition>& transitions, const Pool& pool) {
    std::vector<std::string> result;
    for (const Transition& transition : transitions) {
        std::ranges::move(log_lines(transition, pool), std::back_inserter(result));
    }
    return result;
}

using Lines = std::vector<std::string>;

RealServer with_alpha(RealServer server) {
    for (Check& check : server.checks) {
        check.alpha = true;
    }
    return server;
}

}  // namespace

TEST_CASE("a check that is known to have failed keeps its server out from the start, and nobody is told") {
    auto failing = real_server(1);
    failing.checks.front().failed = true;
    auto heavier = real_server(2);
    heavier.checks.front().contribution = 4;
    Pool pool(virtual_server({failing, heavier}));
    CHECK(kinds(pool.evaluate()) == Kinds{Kind::quorum_gained});
    CHECK(weights(pool) == Weights{{2, 5}});
    CHECK(kinds(pool.verdict(0, 0, false)).empty());  // as it was known
    CHECK(kinds(pool.contribute(1, 0, 4)).empty());
    CHECK(kinds(pool.verdict(0, 0, true)) == Kinds{Kind::server_up});
    CHECK(weights(pool) == Weights{{1, 1}, {2, 5}});

    Pool alone(virtual_server({failing}));
    CHECK(kinds(alone.evaluate()).empty());
    CHECK(weights(alone).empty());
    CHECK(kinds(alone.verdict(0, 0, false)).empty());
    CHECK(kinds(alone.verdict(0, 0, true)) == Kinds{Kind::server_up, Kind::quorum_gained});
}

TEST_CASE("a check that a reload adds and that is known to have failed takes its server out at once") {
    Pool before(virtual_server({real_server(1), real_server(2)}));
    CHECK(before.evaluate().size() == 1);
    auto failing = real_server(1);
    failing.checks.push_back({.number = 7, .alpha = false, .identity = "file", .failed = true});
    Pool pool(virtual_server({failing, real_server(2)}), before);
    CHECK(kinds(pool.evaluate()) == Kinds{Kind::server_down});
    CHECK(weights(pool) == Weights{{2, 1}});
}

TEST_CASE("servers without bad news are in the pool, and the quorum is reported at start") {
    Pool pool(virtual_server({real_server(1, 3), real_server(2, 0), real_server(3, -5)}));
    const auto transitions = pool.evaluate();
    CHECK(lines(transitions, pool) == Lines{"Starting with quorum up 1+0=1 <= 3 for VS [10.9.0.1]:tcp:80"});
    CHECK(weights(pool) == Weights{{1, 3}, {2, 0}, {3, 0}});
    CHECK_FALSE(pool.last_verdict(0, 0).has_value());
}

TEST_CASE("a server is taken out with the first check that is down and put back with the last that recovers") {
    RealServer server = real_server(1);
    server.checks.push_back({.number = 11, .alpha = false, .identity = "another"});
    Pool pool(virtual_server({server, real_server(2)}));
    (void)pool.evaluate();

    CHECK(pool.verdict(0, 0, true).empty());
    CHECK(pool.last_verdict(0, 0) == true);
    const auto down = pool.verdict(0, 1, false);
    CHECK(lines(down, pool) == Lines{"Removing service [10.0.0.1]:tcp:80 from VS [10.9.0.1]:tcp:80"});
    CHECK(weights(pool) == Weights{{2, 1}});
    CHECK(pool.verdict(0, 1, false).empty());
    CHECK(pool.verdict(0, 0, false).empty());
    CHECK(pool.verdict(0, 1, true).empty());
    CHECK_FALSE(pool.alive(0));
    const auto up = pool.verdict(0, 0, true);
    CHECK(lines(up, pool) == Lines{"Adding service [10.0.0.1]:tcp:80 to VS [10.9.0.1]:tcp:80"});
    CHECK(weights(pool) == Weights{{1, 1}, {2, 1}});
}

TEST_CASE("with alpha a server waits for all its checks to succeed") {
    RealServer server = with_alpha(real_server(1));
    server.checks.push_back({.number = 11, .alpha = true, .identity = "another"});
    server.checks.push_back({.number = 12, .alpha = false, .identity = "not alpha"});
    Pool pool(virtual_server({server}));
    CHECK(pool.evaluate().empty());  // without sorry server there is nothing to say yet
    CHECK(weights(pool).empty());
    CHECK(pool.verdict(0, 0, true).empty());
    CHECK(weights(pool).empty());
    CHECK(kinds(pool.verdict(0, 1, true)) == Kinds{Kind::server_up, Kind::quorum_gained});
    CHECK(weights(pool) == Weights{{1, 1}});
}

TEST_CASE("an inhibited server stays with weight 0") {
    RealServer server = with_alpha(real_server(1, 7));
    server.inhibit_on_failure = true;
    Pool pool(virtual_server({server, real_server(2)}));
    (void)pool.evaluate();
    CHECK(weights(pool) == Weights{{1, 0}, {2, 1}});
    CHECK(lines(pool.verdict(0, 0, true), pool) == Lines{"Enabling service [10.0.0.1]:tcp:80 of VS [10.9.0.1]:tcp:80"});
    CHECK(weights(pool) == Weights{{1, 7}, {2, 1}});
    CHECK(lines(pool.verdict(0, 0, false), pool) ==
          Lines{"Disabling service [10.0.0.1]:tcp:80 of VS [10.9.0.1]:tcp:80"});
    CHECK(weights(pool) == Weights{{1, 0}, {2, 1}});
}

TEST_CASE("the quorum is gained at quorum + hysteresis and lost below quorum - hysteresis or at nothing") {
    // Five servers of weight 2; the quorum after so many are alive, going up from none and then down again.
    struct Row {
        std::uint32_t quorum, hysteresis;
        std::vector<bool> rising;   // with 1 … 5 alive
        std::vector<bool> falling;  // with 4 … 0 alive
    };
    const std::vector<Row> rows = {
        {1, 0, {true, true, true, true, true}, {true, true, true, true, false}},
        {5, 0, {false, false, true, true, true}, {true, true, false, false, false}},
        {6, 0, {false, false, true, true, true}, {true, true, false, false, false}},
        {6, 2, {false, false, false, true, true}, {true, true, true, false, false}},
        {6, 5, {false, false, false, false, false}, {false, false, false, false, false}},
        {5, 4, {false, false, false, false, true}, {true, true, true, true, false}},
        {10, 0, {false, false, false, false, true}, {false, false, false, false, false}},
        {0, 0xffffffff, {false, false, false, false, false}, {false, false, false, false, false}},
    };
    for (const Row& row : rows) {
        INFO("quorum " << row.quorum << " hysteresis " << row.hysteresis);
        VirtualServer config = virtual_server({});
        for (std::uint32_t host = 1; host <= 5; ++host) {
            config.real_servers.push_back(with_alpha(real_server(host, 2)));
        }
        config.quorum = row.quorum;
        config.hysteresis = row.hysteresis;
        Pool pool(config);
        (void)pool.evaluate();
        CHECK_FALSE(pool.quorum_up());
        for (std::size_t index = 0; index < 5; ++index) {
            (void)pool.verdict(index, 0, true);
            CHECK(pool.quorum_up() == row.rising[index]);
        }
        for (std::size_t index = 0; index < 5; ++index) {
            (void)pool.verdict(index, 0, false);
            CHECK(pool.quorum_up() == row.falling[index]);
        }
    }
}

TEST_CASE("a server of weight 0 counts nothing") {
    Pool pool(virtual_server({real_server(1, 0)}));
    CHECK(pool.evaluate().empty());
    CHECK_FALSE(pool.quorum_up());
    CHECK(weights(pool) == Weights{{1, 0}});
}

TEST_CASE("the sorry server replaces all servers while there is no quorum") {
    VirtualServer config = virtual_server({real_server(1), real_server(2), real_server(3)});
    config.real_servers[2].inhibit_on_failure = true;
    config.quorum = 2;
    config.sorry_server = sorry_server();
    Pool pool(config);
    (void)pool.evaluate();
    CHECK(weights(pool) == Weights{{1, 1}, {2, 1}, {3, 1}});
    (void)pool.verdict(0, 0, false);
    const auto lost = pool.verdict(1, 0, false);
    CHECK(lines(lost, pool) == Lines{
                                   "Removing service [10.0.0.2]:tcp:80 from VS [10.9.0.1]:tcp:80",
                                   "Lost quorum 2-0=2 > 1 for VS [10.9.0.1]:tcp:80",
                                   "Adding sorry server [10.0.0.99]:tcp:80 to VS [10.9.0.1]:tcp:80",
                                   "Removing alive servers from the pool for VS [10.9.0.1]:tcp:80",
                               });
    CHECK(pool.sorry_server_in_service());
    CHECK(weights(pool) == Weights{{3, 0}, {99, 1}});
    const auto gained = pool.verdict(0, 0, true);
    CHECK(lines(gained, pool) == Lines{
                                     "Adding service [10.0.0.1]:tcp:80 to VS [10.9.0.1]:tcp:80",
                                     "Gained quorum 2+0=2 <= 2 for VS [10.9.0.1]:tcp:80",
                                     "Removing sorry server [10.0.0.99]:tcp:80 from VS [10.9.0.1]:tcp:80",
                                     "Adding alive servers to the pool for VS [10.9.0.1]:tcp:80",
                                 });
    CHECK(weights(pool) == Weights{{1, 1}, {3, 1}});
}

TEST_CASE("at the end the servers that are in the kernel are named") {
    VirtualServer config = virtual_server({real_server(1), real_server(2), real_server(3)});
    config.real_servers[2].inhibit_on_failure = true;
    Pool pool(config);
    (void)pool.evaluate();
    (void)pool.verdict(1, 0, false);
    (void)pool.verdict(2, 0, false);
    CHECK(farewell_lines(pool) ==
          Lines{"Shutting down service [10.0.0.1]:tcp:80 from VS [10.9.0.1]:tcp:80",
                "Shutting down (inhibited) service [10.0.0.3]:tcp:80 from VS [10.9.0.1]:tcp:80"});
}

TEST_CASE("a pool that starts without quorum starts with its sorry server, and says so") {
    VirtualServer config = virtual_server({with_alpha(real_server(1))});
    config.sorry_server = sorry_server();
    Pool pool(config);
    CHECK(kinds(pool.evaluate()) == Kinds{Kind::quorum_lost});
    CHECK(weights(pool) == Weights{{99, 1}});
    CHECK(kinds(pool.verdict(0, 0, true)) == Kinds{Kind::server_up, Kind::quorum_gained});
    CHECK(weights(pool) == Weights{{1, 1}});
}

TEST_CASE("without sorry server the loss of the quorum takes nobody out") {
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.quorum = 2;
    Pool pool(config);
    (void)pool.evaluate();
    CHECK(kinds(pool.verdict(0, 0, false)) == Kinds{Kind::server_down, Kind::quorum_lost});
    CHECK(weights(pool) == Weights{{2, 1}});
}

TEST_CASE("an inhibited sorry server waits with weight 0, unless it is a real server too") {
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.sorry_server = sorry_server();
    config.sorry_server->inhibit = true;
    config.quorum = 2;
    Pool apart(config);
    (void)apart.evaluate();
    CHECK(weights(apart) == Weights{{1, 1}, {2, 1}, {99, 0}});
    (void)apart.verdict(0, 0, false);
    CHECK(weights(apart) == Weights{{99, 1}});

    config.sorry_server = sorry_server(2);
    config.sorry_server->inhibit = true;
    config.real_servers[1].inhibit_on_failure = true;
    config.real_servers[1].weight = 5;
    config.quorum = 6;
    Pool both(config);
    (void)both.evaluate();
    CHECK(weights(both) == Weights{{1, 1}, {2, 5}});
    (void)both.verdict(0, 0, false);
    CHECK(weights(both) == Weights{{2, 1}});
}

TEST_CASE("settings of the service and of its destinations come from the configuration") {
    VirtualServer config = virtual_server({real_server(1), real_server(2), real_server(3)});
    config.port = 8000;
    config.real_servers[1].forwarding = Forwarding::direct;  // cannot change the port
    config.real_servers[1].upper_threshold = 9;
    config.real_servers[1].lower_threshold = 4;
    config.real_servers[2].port = 0;
    config.flags = IP_VS_SVC_F_SCHED1;
    Pool pool(config);
    const Service service = pool.desired();
    CHECK(service.settings.scheduler == "wrr");
    CHECK(service.settings.flags == IP_VS_SVC_F_SCHED1);
    CHECK(service.settings.netmask == 0xffffffff);
    REQUIRE(service.destinations.size() == 3);
    CHECK(service.destinations[0].key.port == 80);
    CHECK(service.destinations[1].key.port == 8000);
    CHECK(service.destinations[1].settings.upper_threshold == 9);
    CHECK(service.destinations[1].settings.lower_threshold == 4);
    CHECK(service.destinations[2].key.port == 8000);

    config.persistence_timeout = 50;
    config.persistence_granularity = 0xffff0000;
    const ServiceSettings persistent = Pool(config).desired().settings;
    CHECK(persistent.flags == (IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_PERSISTENT));
    CHECK(persistent.timeout == 50);
    CHECK(persistent.netmask == 0xffff0000);

    config.address = address("2001:db8::1");
    config.persistence_granularity = 0xffffffff;
    CHECK(Pool(config).desired().settings.netmask == 128);
    config.persistence_granularity = 64;
    CHECK(Pool(config).desired().settings.netmask == 64);
}

TEST_CASE("a tunnel has its type, port and checksum") {
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.real_servers[0].forwarding = Forwarding::tunnel;
    config.real_servers[0].tunnel = {TunnelType::gue, TunnelChecksum::remote, 6080};
    config.sorry_server = sorry_server();
    config.sorry_server->forwarding = Forwarding::tunnel;
    config.sorry_server->tunnel = {TunnelType::gre, TunnelChecksum::plain, 0};
    config.sorry_server->inhibit = true;
    Pool pool(config);
    (void)pool.evaluate();
    const Service service = pool.desired();
    REQUIRE(service.destinations.size() == 3);
    CHECK(service.destinations[0].settings.tunnel_type == 1);
    CHECK(service.destinations[0].settings.tunnel_port == 6080);
    CHECK(service.destinations[0].settings.tunnel_flags == 2);
    CHECK(service.destinations[1].settings.tunnel_type == 0);
    CHECK(service.destinations[2].settings.tunnel_type == 2);
    CHECK(service.destinations[2].settings.tunnel_flags == 1);
}

TEST_CASE("a destination that is configured twice is wanted once") {
    VirtualServer config = virtual_server({real_server(1, 2), real_server(1, 3)});
    CHECK(weights(Pool(config)) == Weights{{1, 2}});
}

TEST_CASE("a reload carries verdicts and quorum over to what is the same") {
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.sorry_server = sorry_server();
    Pool before(config);
    (void)before.evaluate();
    (void)before.verdict(0, 0, false);
    (void)before.verdict(1, 0, false);
    REQUIRE(before.sorry_server_in_service());

    SECTION("nothing changes") {
        Pool after(config, before);
        CHECK(after.evaluate().empty());
        CHECK(weights(after) == Weights{{99, 1}});
        CHECK(after.last_verdict(0, 0) == false);
    }
    SECTION("another sorry server is announced again") {
        config.sorry_server = sorry_server(98);
        Pool after(config, before);
        CHECK(kinds(after.evaluate()) == Kinds{Kind::quorum_lost});
        CHECK(weights(after) == Weights{{98, 1}});
    }
    SECTION("a new server brings the quorum back; one that goes was dead already") {
        config.real_servers = {real_server(3), real_server(2)};
        Pool after(config, before);
        CHECK(kinds(after.evaluate()) == Kinds{Kind::quorum_gained});
        CHECK(weights(after) == Weights{{3, 1}});
    }
    SECTION("a server whose only check is replaced comes up at once") {
        config.real_servers[0].checks[0].identity = "new";
        Pool after(config, before);
        CHECK(kinds(after.evaluate()) == Kinds{Kind::server_up, Kind::quorum_gained});
        CHECK_FALSE(after.last_verdict(0, 0).has_value());
    }
    SECTION("and so does one that has no checks any more") {
        config.real_servers[0].checks.clear();
        Pool after(config, before);
        (void)after.evaluate();
        CHECK(weights(after) == Weights{{1, 1}});
    }
    SECTION("a second check with alpha starts as down where the first is down") {
        config.real_servers[0].checks.push_back({.number = 7, .alpha = true, .identity = "new"});
        Pool after(config, before);
        (void)after.evaluate();
        CHECK(after.verdict(0, 0, true).empty());
        CHECK(kinds(after.verdict(0, 1, true)) == Kinds{Kind::server_up, Kind::quorum_gained});
    }
}

TEST_CASE("a reload says who went, and gives alpha its due") {
    VirtualServer config = virtual_server({real_server(1), with_alpha(real_server(2))});
    Pool before(config);
    (void)before.evaluate();

    SECTION("an alive server that goes") {
        config.real_servers.erase(config.real_servers.begin());
        Pool after(config, before);
        CHECK(lines(after.evaluate(), after) == Lines{"Removing service [10.0.0.1]:tcp:80 from VS [10.9.0.1]:tcp:80",
                                                      "Lost quorum 1-0=1 > 0 for VS [10.9.0.1]:tcp:80"});
    }
    SECTION("an alpha check that is new to a server that is up does not take it down") {
        config.real_servers[0].checks.push_back({.number = 7, .alpha = true, .identity = "new"});
        Pool after(config, before);
        CHECK(after.evaluate().empty());
        CHECK(after.alive(0));
    }
    SECTION("a replaced alpha check of a server that has never been up still has to succeed") {
        config.real_servers[1].checks[0].identity = "new";
        Pool after(config, before);
        (void)after.evaluate();
        CHECK_FALSE(after.alive(1));
    }
    SECTION("a new server with alpha waits") {
        config.real_servers.push_back(with_alpha(real_server(3)));
        Pool after(config, before);
        CHECK(after.evaluate().empty());
        CHECK(weights(after) == Weights{{1, 1}});
    }
}

TEST_CASE("equal checks find each other one by one") {
    const std::vector<Check> before = {{1, false, "a"}, {2, false, "b"}, {3, false, "a"}};
    const std::vector<Check> now = {{1, false, "a"}, {2, false, "c"}, {3, false, "a"}, {4, false, "a"}};
    using Origins = std::vector<std::optional<std::size_t>>;
    CHECK(predecessors(now, before) == Origins{0, std::nullopt, 2, std::nullopt});
}

TEST_CASE("what checks add to the weight reaches the kernel within its limits, and counts for the quorum") {
    VirtualServer config = virtual_server({real_server(1, 10), real_server(2, 10)});
    config.real_servers[0].checks.push_back({.number = 11, .alpha = false, .identity = "another"});
    config.quorum = 15;
    Pool pool(config);
    (void)pool.evaluate();
    REQUIRE(pool.quorum_up());
    const auto more = pool.contribute(0, 0, 5);
    CHECK(lines(more, pool) ==
          Lines{"Changing weight from 10 to 15 for active service [10.0.0.1]:tcp:80 of VS [10.9.0.1]:tcp:80"});
    CHECK(pool.contribute(0, 0, 5).empty());
    (void)pool.contribute(0, 1, 3);
    CHECK(weights(pool) == Weights{{1, 18}, {2, 10}});
    CHECK(kinds(pool.contribute(0, 1, -300)) == Kinds{Kind::weight_changed, Kind::quorum_lost});
    CHECK(weights(pool) == Weights{{1, 0}, {2, 10}});
    CHECK(kinds(pool.contribute(0, 1, 0x7fffffff)) == Kinds{Kind::weight_changed, Kind::quorum_gained});
    CHECK(weights(pool) == Weights{{1, 0x7fffffff}, {2, 10}});
    // A check that fails adds nothing any more.
    CHECK(kinds(pool.verdict(0, 1, false)) == Kinds{Kind::server_down, Kind::weight_changed, Kind::quorum_lost});
    CHECK(pool.weight(0) == 15);
    CHECK(lines(pool.contribute(0, 0, 6), pool) ==
          Lines{"Changing weight from 15 to 16 for inactive service [10.0.0.1]:tcp:80 of VS [10.9.0.1]:tcp:80"});
    (void)pool.verdict(0, 1, true);
    CHECK(weights(pool) == Weights{{1, 16}, {2, 10}});
    // Nonsense from a check breaks no sum.
    (void)pool.contribute(0, 0, std::numeric_limits<std::int64_t>::min());
    CHECK(weights(pool) == Weights{{1, 0}, {2, 10}});
}

TEST_CASE("the first result of an alpha check is told even if it is what was assumed") {
    Pool pool(virtual_server({with_alpha(real_server(1)), real_server(2)}));
    (void)pool.evaluate();
    const auto first = pool.verdict(0, 0, false);
    REQUIRE(kinds(first) == Kinds{Kind::server_down});
    CHECK(first[0].confirmed);
    CHECK(lines(first, pool).empty());  // nothing has happened
    CHECK(pool.verdict(0, 0, false).empty());
    CHECK(pool.verdict(1, 0, true).empty());  // not alpha: expected

    VirtualServer config = pool.config();
    config.real_servers[1].checks.push_back({.number = 7, .alpha = true, .identity = "new"});
    Pool after(config, pool);
    (void)after.evaluate();
    REQUIRE(after.alive(1));
    CHECK(kinds(after.verdict(1, 1, true)) == Kinds{Kind::server_up});
}

TEST_CASE("rs_init_notifies: servers that come into the pool at start are told") {
    VirtualServer config = virtual_server({real_server(1), with_alpha(real_server(2))});
    config.real_servers[0].notify_up = 1;
    config.quorum_up = 0;
    const auto scripts = std::make_shared<const std::vector<core::Command>>(
        std::vector<core::Command>{{{"/bin/quorum"}, {}}, {{"/bin/server"}, {}}});
    Pool pool(config, {.group = nullptr, .scripts = scripts, .init_notifies = true});
    const auto transitions = pool.evaluate();
    REQUIRE(kinds(transitions) == Kinds{Kind::server_up, Kind::quorum_gained});
    CHECK(transitions[0].cause == Transition::Cause::start);
    CHECK(lines(transitions, pool) == Lines{"Starting with quorum up 1+0=1 <= 1 for VS [10.9.0.1]:tcp:80"});
    const auto server = notice_of(transitions[0], pool);
    const auto quorum = notice_of(transitions[1], pool);
    REQUIRE((server && quorum && server->script && quorum->script));
    CHECK(server->script->arguments.front() == "/bin/server");
    CHECK(quorum->script->arguments.front() == "/bin/quorum");
    CHECK(fifo_line(*server) == "RS [10.0.0.1]:tcp:80 [10.9.0.1]:tcp:80 UP");
    CHECK(fifo_line(*quorum) == "VS [10.9.0.1]:tcp:80 UP");
    CHECK(quorum->reason == "Starting with quorum up 1+0=1 <= 1");

    config.real_servers.push_back(real_server(3));
    Pool after(config, pool, {.group = nullptr, .scripts = scripts, .init_notifies = true});
    const auto later = after.evaluate();
    REQUIRE(kinds(later) == Kinds{Kind::server_up});  // the new one only
    CHECK(later[0].server == "[10.0.0.3]:tcp:80");
}

TEST_CASE("a server that a reload removes is told with the script of the configuration that had it") {
    const auto scripts = [](const char* name) {
        return std::make_shared<const std::vector<core::Command>>(std::vector<core::Command>{{{name}, {}}});
    };
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.real_servers[1].notify_down = 0;
    Pool before(config, {.group = nullptr, .scripts = scripts("/bin/former"), .init_notifies = false});
    (void)before.evaluate();
    config.real_servers.pop_back();
    Pool after(config, before, {.group = nullptr, .scripts = scripts("/bin/other"), .init_notifies = false});
    const auto transitions = after.evaluate();
    REQUIRE(kinds(transitions) == Kinds{Kind::server_down});
    const auto notice = notice_of(transitions[0], after);
    REQUIRE((notice && notice->script));
    CHECK(notice->script->arguments.front() == "/bin/former");
}

TEST_CASE("at the end omega tells of what was up, and of a quorum only if there was one") {
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.omega = true;
    Pool pool(config);
    (void)pool.evaluate();
    (void)pool.verdict(1, 0, false);
    const auto farewell = pool.farewell(Transition::Cause::shutdown, true);
    REQUIRE(kinds(farewell) == Kinds{Kind::server_down, Kind::quorum_lost});
    CHECK(farewell[0].server == "[10.0.0.1]:tcp:80");
    CHECK(notice_of(farewell[1], pool)->reason == "Shutting down");
    CHECK(lines(farewell, pool).empty());
    CHECK(kinds(pool.farewell(Transition::Cause::shutdown, false)) == Kinds{Kind::quorum_lost});
    (void)pool.verdict(0, 0, false);  // keepalived says quorum_down here once more
    CHECK(pool.farewell(Transition::Cause::shutdown, true).empty());
}

TEST_CASE("names and ports of marks and groups") {
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.real_servers[0].port = 8080;
    config.real_servers[1].port = 0;
    config.real_servers[1].forwarding = Forwarding::direct;
    config.selector = Selector::fwmark;
    config.fwmark = 7;
    config.protocol = Protocol::none;
    Pool mark(config);
    CHECK(mark.name() == "FWM 7");
    CHECK(mark.desired().destinations[0].key.port == 8080);
    CHECK(mark.desired().destinations[1].key.port == 0);
    CHECK(mark.name_of(mark.config().real_servers[1]) == "[10.0.0.2]:none:0");

    const Group group{.name = "G1",
                      .ranges = {{address("10.8.0.1"), address("10.8.0.1"), 90}},
                      .marks = {{.value = 3, .family = {}}}};
    config.selector = Selector::group;
    config.protocol = Protocol::udp;
    config.ordinal = 2;
    Pool pool(config, {.group = &group});
    CHECK(pool.name() == "[G1]:2");
    REQUIRE(pool.services().size() == 2);
    CHECK(pool.desired(pool.services()[0]).destinations[0].key.port == 8080);
    CHECK(pool.desired(pool.services()[0]).destinations[1].key.port == 90);
    CHECK(pool.desired(pool.services()[1]).destinations[1].key.port == 0);
}

TEST_CASE("a persistence engine goes with persistence only") {
    VirtualServer config = virtual_server({real_server(1)});
    config.persistence_engine = "sip";
    CHECK(Pool(config).desired().settings.engine.empty());
    config.persistence_timeout = 40;
    CHECK(Pool(config).desired().settings.engine == "sip");
}

TEST_CASE("a reload changes thresholds, and brings no dead server back by another method") {
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    Pool before(config);
    (void)before.evaluate();
    (void)before.verdict(0, 0, false);
    config.real_servers[0].forwarding = Forwarding::direct;
    config.real_servers[1].upper_threshold = 9;
    Pool after(config, before);
    CHECK(after.evaluate().empty());
    CHECK(weights(after) == Weights{{2, 1}});
    CHECK(after.desired().destinations[0].settings.upper_threshold == 9);
}
