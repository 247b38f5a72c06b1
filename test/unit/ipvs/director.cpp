// The director against a real kernel. Where that has no IPVS (tools/guest boots one that has), what is left to test
// is that it says so.
#include "ipvs/director.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <sstream>

#include "examples.hpp"
#include "ipvs/client.hpp"
#include "kept_log.hpp"
#include "own_network.hpp"
#include "run.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

std::string shell(const std::string& command) {
    std::string output;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    for (int next = std::fgetc(pipe); next != EOF; next = std::fgetc(pipe)) {
        output.push_back(static_cast<char>(next));
    }
    const int status = ::pclose(pipe);
    INFO(command << ": " << output);
    REQUIRE(WEXITSTATUS(status) == 0);
    return output;
}

/// The kernel's table as "ipvsadm -Sn" prints it, sorted.
std::vector<std::string> table() {
    std::istringstream output(shell("ipvsadm -Sn"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(output, line);) {
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(line);
    }
    std::ranges::sort(lines);
    return lines;
}

using Lines = std::vector<std::string>;

/// A loop, a log and a namespace with IPVS for one test case.
struct Stage {
    [[nodiscard]] bool has_ipvs() {
        if (::geteuid() != 0 || !network.made()) {
            return false;
        }
        shell("ip link set lo up");  // without a routing table no address is fit for a real server
        const auto client = run(loop, Client::open(loop));
        if (!client) {
            WARN("not tested: " << client.error().what);
        }
        return client.has_value();
    }
    void start(Director& director) {
        const auto started = run(loop, director.start());
        INFO((started ? "" : started.error().what));
        REQUIRE(started.has_value());
    }
    void reload(Director& director, Config config, core::Generation generation) {
        REQUIRE(run(loop, director.reload(std::move(config), generation)).has_value());
    }
    /// Lets edits that verdicts have caused be done.
    void settle() {
        loop.restart();
        while (loop.poll() > 0) {
        }
    }
    void stop(Director& director) {
        bool stopped = false;
        core::spawn(loop, "test", [](Director& ending, bool& done) -> core::Awaitable<> {
            co_await ending.stop();
            done = true;
        }(director, stopped));
        settle();
        REQUIRE(stopped);
    }
    [[nodiscard]] bool logged(std::string_view text) const {
        return std::ranges::any_of(log.lines, [&](const auto& line) { return line.find(text) != std::string::npos; });
    }

    OwnNetwork network;
    core::Loop loop;
    KeptLog log;
};

}  // namespace

TEST_CASE("without virtual servers IPVS is left alone") {
    Stage stage;
    Director director(stage.loop, {});
    stage.start(director);
    stage.stop(director);
    CHECK(stage.log.lines.empty());
}

TEST_CASE("a kernel without IPVS is one clear error, and verdicts are taken all the same") {
    Stage stage;
    if (stage.has_ipvs()) {
        return;
    }
    Director director(stage.loop, {{virtual_server({real_server(1)})}});
    const auto started = run(stage.loop, director.start());
    REQUIRE_FALSE(started.has_value());
    CHECK(started.error().what.find("the kernel has no IPVS") == 0);
    director.verdict(1, 1, false);
    stage.settle();
    CHECK(director.verdicts()[1] == false);
    CHECK_FALSE(run(stage.loop, director.reload({{virtual_server({real_server(1)})}}, 2)).has_value());
    CHECK(director.verdicts()[1] == false);
    stage.stop(director);
}

TEST_CASE("all schedulers, forwarding methods, persistence and thresholds reach the kernel") {
    Stage stage;
    if (!stage.has_ipvs()) {
        return;
    }
    Config config;
    std::uint16_t port = 1000;
    for (const auto* scheduler : {"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq"}) {
        VirtualServer server = virtual_server({});
        server.scheduler = scheduler;
        server.port = ++port;
        config.virtual_servers.push_back(server);
    }
    VirtualServer methods = virtual_server({real_server(1, 3), real_server(2), real_server(3, 0)});
    methods.real_servers[0].port = 8080;
    methods.real_servers[0].upper_threshold = 100;
    methods.real_servers[0].lower_threshold = 50;
    methods.real_servers[1].forwarding = Forwarding::direct;
    methods.real_servers[2].forwarding = Forwarding::tunnel;
    methods.persistence_timeout = 50;
    methods.persistence_granularity = 0xffffff00;
    config.virtual_servers.push_back(methods);
    VirtualServer v6 = virtual_server({real_server(1)});
    v6.address = address("2001:db8::1");
    v6.protocol = Protocol::udp;
    v6.scheduler = "rr";
    v6.persistence_timeout = 300;
    v6.persistence_granularity = 64;
    v6.real_servers[0].address = address("2001:db8::2");
    config.virtual_servers.push_back(v6);

    Director director(stage.loop, config);
    stage.start(director);
    CHECK(table() == Lines{
                         "-A -t 10.9.0.1:1001 -s rr",
                         "-A -t 10.9.0.1:1002 -s wrr",
                         "-A -t 10.9.0.1:1003 -s lc",
                         "-A -t 10.9.0.1:1004 -s wlc",
                         "-A -t 10.9.0.1:1005 -s lblc",
                         "-A -t 10.9.0.1:1006 -s lblcr",
                         "-A -t 10.9.0.1:1007 -s dh",
                         "-A -t 10.9.0.1:1008 -s sh",
                         "-A -t 10.9.0.1:1009 -s sed",
                         "-A -t 10.9.0.1:1010 -s nq",
                         "-A -t 10.9.0.1:80 -s wrr -p 50 -M 255.255.255.0",
                         "-A -u [2001:db8::1]:80 -s rr -p 300 -M 64",
                         "-a -t 10.9.0.1:80 -r 10.0.0.1:8080 -m -w 3",
                         "-a -t 10.9.0.1:80 -r 10.0.0.2:80 -g -w 1",
                         "-a -t 10.9.0.1:80 -r 10.0.0.3:80 -i -w 0 --tun-type ipip",
                         "-a -u [2001:db8::1]:80 -r [2001:db8::2]:80 -m -w 1",
                     });
    const std::string thresholds = shell("ipvsadm -Ln --thresholds -t 10.9.0.1:80");  // uthreshold, lthreshold
    CHECK_THAT(thresholds, Catch::Matches("[^]*10\\.0\\.0\\.1:8080 +100 +50 [^]*"));
    stage.log.lines.clear();
    stage.reload(director, config, 2);  // nothing to do, and what the kernel says is read as what was written
    CHECK(stage.log.lines.empty());
    stage.stop(director);
    CHECK(stage.log.lines.size() == 4);
    CHECK(stage.logged("Shutting down service [10.0.0.1]:tcp:8080 from VS [10.9.0.1]:tcp:80"));
    CHECK(table().empty());
}

TEST_CASE("what others have is left alone, what is ours by configuration is taken over and corrected") {
    Stage stage;
    if (!stage.has_ipvs()) {
        return;
    }
    shell("ipvsadm -A -t 10.9.0.7:80 -s rr && ipvsadm -a -t 10.9.0.7:80 -r 10.0.0.7 -g");
    shell("ipvsadm -A -f 7 -s rr");
    shell(
        "ipvsadm -A -t 10.9.0.1:80 -s lc -p 600 && ipvsadm -a -t 10.9.0.1:80 -r 10.0.0.1 -g -w 9 && "
        "ipvsadm -a -t 10.9.0.1:80 -r 10.0.0.66 -m");
    const Lines foreign = {"-A -f 7 -s rr", "-A -t 10.9.0.7:80 -s rr", "-a -t 10.9.0.7:80 -r 10.0.0.7:80 -g -w 1"};

    Director director(stage.loop, {{virtual_server({real_server(1), real_server(2)})}});
    stage.start(director);
    CHECK(table() == Lines{foreign[0], "-A -t 10.9.0.1:80 -s wrr", foreign[1],
                           "-a -t 10.9.0.1:80 -r 10.0.0.1:80 -m -w 1", "-a -t 10.9.0.1:80 -r 10.0.0.2:80 -m -w 1",
                           foreign[2]});

    SECTION("and what others break is repaired with the next change") {
        shell("ipvsadm -D -t 10.9.0.1:80");
        director.verdict(1, 1, false);
        stage.settle();
        CHECK(table() == Lines{foreign[0], "-A -t 10.9.0.1:80 -s wrr", foreign[1],
                               "-a -t 10.9.0.1:80 -r 10.0.0.2:80 -m -w 1", foreign[2]});
        shell("ipvsadm -a -t 10.9.0.1:80 -r 10.0.0.1 -g -w 9");
        director.verdict(1, 1, true);
        stage.settle();
        CHECK(table() == Lines{foreign[0], "-A -t 10.9.0.1:80 -s wrr", foreign[1],
                               "-a -t 10.9.0.1:80 -r 10.0.0.1:80 -m -w 1", "-a -t 10.9.0.1:80 -r 10.0.0.2:80 -m -w 1",
                               foreign[2]});
    }
    SECTION("and somebody else's having removed it is no obstacle to stopping") {
        shell("ipvsadm -D -t 10.9.0.1:80");
    }
    stage.stop(director);
    CHECK(table() == foreign);
    CHECK_FALSE(stage.logged("IPVS:"));
}

TEST_CASE("verdicts take servers out and put them back") {
    Stage stage;
    if (!stage.has_ipvs()) {
        return;
    }
    VirtualServer server = virtual_server({real_server(1), real_server(2)});
    server.real_servers[1].inhibit_on_failure = true;
    server.sorry_server = sorry_server();
    Director director(stage.loop, {{server}});
    stage.start(director);
    const std::string service = "-A -t 10.9.0.1:80 -s wrr";
    const std::string first = "-a -t 10.9.0.1:80 -r 10.0.0.1:80 -m -w 1";
    const std::string second = "-a -t 10.9.0.1:80 -r 10.0.0.2:80 -m -w 1";
    const std::string second_quiet = "-a -t 10.9.0.1:80 -r 10.0.0.2:80 -m -w 0";
    const std::string sorry = "-a -t 10.9.0.1:80 -r 10.0.0.99:80 -m -w 1";
    CHECK(table() == Lines{service, first, second});

    director.verdict(1, 1, false);
    stage.settle();
    CHECK(table() == Lines{service, second});
    CHECK(stage.logged("Removing service [10.0.0.1]:tcp:80 from VS [10.9.0.1]:tcp:80"));
    director.verdict(1, 2, false);
    stage.settle();
    CHECK(table() == Lines{service, second_quiet, sorry});
    CHECK(stage.logged("Adding sorry server [10.0.0.99]:tcp:80 to VS [10.9.0.1]:tcp:80"));
    director.verdict(1, 1, true);
    stage.settle();
    CHECK(table() == Lines{service, first, second_quiet});
    CHECK(stage.logged("Adding service [10.0.0.1]:tcp:80 to VS [10.9.0.1]:tcp:80"));
    director.verdict(1, 2, true);
    stage.settle();
    CHECK(table() == Lines{service, first, second});
    CHECK(director.verdicts() == std::vector<std::optional<bool>>{std::nullopt, true, true});

    SECTION("a reload touches differences only and keeps the dead dead") {
        director.verdict(1, 1, false);
        stage.settle();
        server.real_servers.erase(server.real_servers.begin() + 1);
        server.real_servers.push_back(real_server(3));
        server.real_servers[0].checks[0].number = 0;
        VirtualServer another = virtual_server({real_server(4)});
        another.port = 81;
        stage.reload(director, {{server, another}}, 2);
        const std::string third = "-a -t 10.9.0.1:80 -r 10.0.0.3:80 -m -w 1";
        CHECK(table() == Lines{service, "-A -t 10.9.0.1:81 -s wrr", third, "-a -t 10.9.0.1:81 -r 10.0.0.4:80 -m -w 1"});
        director.verdict(1, 1, true);  // the checker child has not heard of the reload yet
        stage.settle();
        CHECK(table() ==
              Lines{service, "-A -t 10.9.0.1:81 -s wrr", first, third, "-a -t 10.9.0.1:81 -r 10.0.0.4:80 -m -w 1"});
        stage.reload(director, {{another}}, 3);
        CHECK(table() == Lines{"-A -t 10.9.0.1:81 -s wrr", "-a -t 10.9.0.1:81 -r 10.0.0.4:80 -m -w 1"});
        stage.reload(director, {}, 4);
        CHECK(table().empty());
    }
    stage.stop(director);
    CHECK(table().empty());
}

TEST_CASE("what the kernel refuses is named once and is nobody else's trouble") {
    Stage stage;
    if (!stage.has_ipvs()) {
        return;
    }
    VirtualServer good = virtual_server({real_server(1), real_server(2)});
    good.real_servers[1].address = address("224.0.0.1");
    VirtualServer bad = virtual_server({real_server(3)});
    bad.port = 81;
    bad.scheduler = "nonsense";
    Director director(stage.loop, {{bad, good}});
    stage.start(director);
    const Lines expected = {"-A -t 10.9.0.1:80 -s wrr", "-a -t 10.9.0.1:80 -r 10.0.0.1:80 -m -w 1"};
    CHECK(table() == expected);
    const auto complaints = [&] {
        Lines lines;
        std::ranges::copy_if(stage.log.lines, std::back_inserter(lines),
                             [](const auto& line) { return line.starts_with("IPVS:"); });
        return lines;
    };
    CHECK(complaints() == Lines{"IPVS: adding virtual server [10.9.0.1]:tcp:81 (nonsense): No such file or directory",
                                "IPVS: adding 224.0.0.1:80 to [10.9.0.1]:tcp:80: Invalid argument"});
    director.verdict(1, 1, false);
    director.verdict(1, 3, false);
    stage.settle();
    CHECK(table() == Lines{expected[0]});
    CHECK(complaints().size() == 2);
    stage.stop(director);
    CHECK(table().empty());
}

TEST_CASE("the audit repairs what others have changed, and leaves the rest to them") {
    Stage stage;
    if (!stage.has_ipvs()) {
        return;
    }
    Director director(stage.loop, {{virtual_server({real_server(1), real_server(2)})}}, 1,
                      std::chrono::milliseconds(100));
    stage.start(director);
    const Lines whole = table();
    shell("ipvsadm -d -t 10.9.0.1:80 -r 10.0.0.2:80");
    stage.loop.restart();
    stage.loop.run_for(std::chrono::milliseconds(500));
    CHECK(table() == whole);
    CHECK(stage.logged("Virtual server [10.9.0.1]:tcp:80 was changed by somebody else, repairing it"));
    stage.log.lines.clear();
    shell("ipvsadm -C && ipvsadm -A -f 7 -s rr");
    stage.loop.restart();
    stage.loop.run_for(std::chrono::milliseconds(500));
    CHECK(table().size() == whole.size() + 1);
    CHECK(stage.log.lines.size() == 1);  // said once, not at each audit
    stage.stop(director);
    CHECK(table() == Lines{"-A -f 7 -s rr"});
    stage.loop.run_for(std::chrono::milliseconds(300));
    CHECK(table() == Lines{"-A -f 7 -s rr"});
}

TEST_CASE("a large table is programmed and removed in little time") {
    Stage stage;
    if (!stage.has_ipvs()) {
        return;
    }
    Config config;
    for (std::uint32_t number = 0; number < 2000; ++number) {
        VirtualServer server = virtual_server({real_server(1), real_server(2), real_server(3), real_server(4)});
        server.address = core::Address::ipv4(0x0a090000 + number / 100);
        server.port = static_cast<std::uint16_t>(1000 + number % 100);
        for (std::size_t index = 0; index < 4; ++index) {
            server.real_servers[index].checks[0].number = 4 * number + static_cast<std::uint32_t>(index);
        }
        config.virtual_servers.push_back(server);
    }
    const auto measure = [&](const char* what, const auto& action) {
        const auto begin = core::now();
        action();
        const auto took = core::now() - begin;
        WARN(what << " took " << took.count() / 1000 << " ms");
        return took;
    };
    Director director(stage.loop, config);
    // Half a second each on an emulated processor; the limit is for a sanitizer's build on a busy machine. The ratio
    // to the reference is the bench's business.
    constexpr auto kLimit = std::chrono::seconds(60);
    CHECK(measure("programming 2000 x 4", [&] { stage.start(director); }) < kLimit);
    CHECK(table().size() == 10000);
    CHECK(measure("comparing 2000 x 4", [&] { stage.reload(director, config, 2); }) < kLimit);
    measure("4000 verdicts", [&] {
        for (std::uint32_t number = 0; number < 4000; ++number) {
            director.verdict(2, 2 * number, false);
        }
        stage.settle();
    });
    CHECK(table().size() == 6000);
    Director successor(stage.loop, config, 2);
    CHECK(measure("taking 2000 x 2 over", [&] { stage.start(successor); }) < kLimit);
    CHECK(table().size() == 10000);
    CHECK(measure("removing 2000 x 4", [&] { stage.stop(successor); }) < kLimit);
    CHECK(table().empty());
}

TEST_CASE("what happens is told in its order, with or without IPVS") {
    Stage stage;
    (void)stage.has_ipvs();
    Lines told;
    const auto listener = [&](const Notice& notice) {
        told.push_back(notice.kind != Notice::Kind::check
                           ? fifo_line(notice)
                           : fmt::format("{} {}{}{}", notice.check, notice.up ? "up" : "down",
                                         notice.changed ? "" : ", as thought",
                                         notice.server_changed ? ", server" : ""));
    };
    VirtualServer config = virtual_server({real_server(1), real_server(2)});
    config.quorum = 2;
    config.omega = true;
    Director director(stage.loop, {{config}}, 1, kAuditPause, {}, {.notice = listener, .suspend = {}});
    (void)run(stage.loop, director.start());
    CHECK(std::exchange(told, {}) == Lines{"VS [10.9.0.1]:tcp:80 UP"});
    director.verdict(1, 1, true);
    director.verdict(1, 2, false);
    stage.settle();
    CHECK(std::exchange(told, {}) == Lines{"1 up, as thought", "RS [10.0.0.2]:tcp:80 [10.9.0.1]:tcp:80 DOWN",
                                           "VS [10.9.0.1]:tcp:80 DOWN", "2 down, server"});
    director.weight(1, 1, 4);  // 5 now
    stage.settle();
    CHECK(std::exchange(told, {}) == Lines{"VS [10.9.0.1]:tcp:80 UP"});
    config.real_servers.pop_back();
    (void)run(stage.loop, director.reload({{config}}, 2));
    CHECK(told.empty());
    stage.stop(director);
    CHECK(told == Lines{"RS [10.0.0.1]:tcp:80 [10.9.0.1]:tcp:80 DOWN", "VS [10.9.0.1]:tcp:80 DOWN"});
}

TEST_CASE("with ha_suspend checks rest until an address of the service is here") {
    Stage stage;
    if (::geteuid() != 0 || !stage.network.made()) {
        WARN("needs the right to make a network namespace");
        return;
    }
    shell("ip link set lo up");
    VirtualServer config = virtual_server({real_server(1)});
    config.ha_suspend = true;
    std::vector<std::pair<std::uint32_t, bool>> said;
    Director director(
        stage.loop, {{config}}, 1, kAuditPause, {},
        {.notice = {}, .suspend = [&](std::uint32_t check, bool rests) { said.emplace_back(check, rests); }});
    (void)run(stage.loop, director.start());
    CHECK(director.suspended().at(1));
    CHECK(said.empty());  // as it was before anybody asked
    const auto wait_for_word = [&] {
        for (int count = 0; count < 100 && said.empty(); ++count) {
            stage.loop.restart();
            stage.loop.run_for(std::chrono::milliseconds(50));
        }
    };
    using Said = std::vector<std::pair<std::uint32_t, bool>>;
    shell("ip address add 10.9.0.1/32 dev lo");
    wait_for_word();
    CHECK(std::exchange(said, {}) == Said{{1, false}});
    CHECK_FALSE(director.suspended().at(1));
    shell("ip address del 10.9.0.1/32 dev lo");
    wait_for_word();
    CHECK(said == Said{{1, true}});
}
