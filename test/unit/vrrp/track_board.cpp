#include "vrrp/track_board.hpp"

#include <catch2/catch.hpp>

#include "helpers.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using Known = TrackedStatus::Known;

namespace {

Instance tracking(std::string name, std::vector<Tracker> trackers) {
    Instance instance = example(100);
    instance.name = std::move(name);
    instance.trackers = std::move(trackers);
    return instance;
}

Tracker tracker(Tracked kind, std::string name, std::int32_t weight = 0, bool reverse = false) {
    return {.kind = kind, .reverse = reverse, .weight = weight, .name = std::move(name)};
}

struct Board {
    explicit Board(std::vector<Instance> instances) { configure(std::move(instances)); }
    void configure(std::vector<Instance> instances) {
        config.instances = std::move(instances);
        board.configure(config);
    }
    /// The routers that are told.
    std::vector<std::uint32_t> set(Tracked kind, const std::string& name, TrackedStatus status) {
        std::vector<std::uint32_t> changed;
        lines.clear();
        board.set(kind, name, status, changed, lines);
        return changed;
    }
    std::vector<std::uint32_t> set(Tracked kind, const std::string& name, Known known) {
        return set(kind, name, TrackedStatus{.known = known});
    }
    std::vector<std::uint32_t> number(const std::string& name, std::int32_t value) {
        return set(Tracked::file, name, {.known = Known::number, .number = value});
    }
    [[nodiscard]] std::string line() const {
        return lines.size() == 1 ? std::get<action::Log>(lines[0]).text : std::string();
    }
    Config config;
    TrackBoard board;
    Actions lines;
};

using Routers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("what a router tracks is added up") {
    Board board({tracking("A", {tracker(Tracked::script, "s", 20), tracker(Tracked::file, "f", 2),
                                tracker(Tracked::interface, "eth1", -30), tracker(Tracked::process, "p"),
                                tracker(Tracked::bfd, "b", 5, true)})});
    // Nothing is known: scripts have not reported, files are 0, all else is down.
    CHECK(board.board.tracking(0) == Tracking{.weight = -30, .faults = 1});
    CHECK(board.set(Tracked::interface, "eth1", Known::up) == Routers{0});
    CHECK(board.set(Tracked::process, "p", Known::up) == Routers{0});
    CHECK(board.set(Tracked::script, "s", Known::up) == Routers{0});
    CHECK(board.number("f", 7) == Routers{0});
    CHECK(board.board.tracking(0) == Tracking{.weight = 34});
    CHECK(board.set(Tracked::bfd, "b", Known::up) == Routers{0});
    CHECK(board.board.tracking(0) == Tracking{.weight = 29});
    CHECK(board.set(Tracked::bfd, "b", Known::up).empty());
    CHECK(board.set(Tracked::script, "s", Known::down) == Routers{0});
    CHECK(board.board.tracking(0) == Tracking{.weight = 9});
}

TEST_CASE("each router that tracks an object has a weight of its own for it") {
    Board board({tracking("A", {tracker(Tracked::file, "f", 1)}), tracking("B", {}),
                 tracking("C", {tracker(Tracked::file, "f", 3, true)}), tracking("D", {tracker(Tracked::file, "f")})});
    CHECK(board.number("f", 10) == Routers{0, 2, 3});
    CHECK(board.board.tracking(0) == Tracking{.weight = 10});
    CHECK(board.board.tracking(1) == Tracking{});
    CHECK(board.board.tracking(2) == Tracking{.weight = -30});
    CHECK(board.board.tracking(3) == Tracking{.faults = 1});
    CHECK(board.number("f", 20) == Routers{0, 2});  // for the fourth nothing has changed
    CHECK(board.number("nobody tracks this", 20).empty());
}

TEST_CASE("faults are counted, and those of files are logged") {
    Board board({tracking(
        "A", {tracker(Tracked::file, "f", 2), tracker(Tracked::script, "s"), tracker(Tracked::script, "t")})});
    CHECK(board.board.tracking(0) == Tracking{.waiting = true});
    board.set(Tracked::script, "s", Known::down);
    CHECK(board.board.tracking(0) == Tracking{.faults = 1, .waiting = true});
    board.set(Tracked::script, "t", Known::down);
    CHECK(board.board.tracking(0) == Tracking{.faults = 2});
    board.number("f", -200);
    CHECK(board.line() == "(A): tracked file f now FAULT state");
    CHECK(board.board.tracking(0) == Tracking{.faults = 3});
    CHECK(board.board.faults(0) ==
          std::vector<std::string>{"(A): entering FAULT state (tracked file f has status -254)",
                                   "(A): entering FAULT state due to script s",
                                   "(A): entering FAULT state due to script t"});
    board.number("f", 200);
    CHECK(board.line() == "(A): tracked file f leaving FAULT state");
    board.set(Tracked::script, "s", Known::up);
    board.set(Tracked::script, "t", Known::up);
    CHECK(board.board.tracking(0) == Tracking{.weight = 253});
    CHECK(board.board.faults(0).empty());
    board.number("f", -127);
    CHECK(board.board.tracking(0) == Tracking{.weight = 253, .faults = 1});  // in FAULT the priority stays what it was
    board.number("f", -126);
    CHECK(board.board.tracking(0) == Tracking{.weight = -252});
}

TEST_CASE("what is known stays when the configuration changes") {
    Board board({tracking("A", {tracker(Tracked::script, "s", 20)})});
    board.set(Tracked::script, "s", Known::up);
    board.set(Tracked::script, "t", Known::down);
    board.configure({tracking("B", {}), tracking("A", {tracker(Tracked::script, "s", 5), tracker(Tracked::script, "t"),
                                                       tracker(Tracked::script, "u")})});
    CHECK(board.board.tracking(0) == Tracking{});
    CHECK(board.board.tracking(1) == Tracking{.weight = 5, .faults = 1, .waiting = true});
    board.configure({tracking("A", {tracker(Tracked::script, "u")})});
    board.board.forget(Tracked::script, "s");
    board.board.forget(Tracked::script, "u");  // is tracked: stays
    CHECK(board.board.is_tracked(Tracked::script, "u"));
    CHECK_FALSE(board.board.is_tracked(Tracked::script, "s"));
    CHECK(board.board.status(Tracked::script, "s").known == Known::waiting);
    CHECK(board.board.status(Tracked::script, "t").known == Known::down);
}

TEST_CASE("the interface of a tracked address is a fault when it goes, whatever its weight") {
    Instance instance = tracking("A", {tracker(Tracked::interface, "eth1", 50), tracker(Tracked::interface, "eth2", 50),
                                       tracker(Tracked::interface, "eth3", 50)});
    instance.addresses[0].device = "eth1";
    instance.addresses[1].device = "eth2";
    instance.addresses[1].track = false;
    Board board({instance});
    CHECK(board.board.tracking(0) == Tracking{.faults = 1});
    board.set(Tracked::interface, "eth1", Known::up);
    board.set(Tracked::interface, "eth2", Known::up);
    CHECK(board.board.tracking(0) == Tracking{.weight = 50});
    auto names = board.board.interfaces();
    std::ranges::sort(names);
    CHECK(names == std::vector<std::string>{"eth1", "eth2", "eth3"});
}

TEST_CASE("the members of a track group need the interfaces of its static addresses") {
    Board board({});
    const auto add_static = [&](std::string device, std::string group) {
        StaticAddress address;
        address.device = std::move(device);
        address.track_group = std::move(group);
        board.config.static_addresses.push_back(std::move(address));
    };
    add_static("eth5", "G");
    add_static("eth5", "G");  // a second one there
    add_static("eth6", "G");
    add_static("eth0", "G");  // the interface of the instances
    add_static("eth7", "");
    add_static("eth8", "H");
    board.config.track_groups = {{"G", {"A", "B"}}, {"H", {"C"}}};
    board.configure({tracking("A", {}), tracking("B", {tracker(Tracked::interface, "eth5", 50)}), tracking("C", {}),
                     tracking("D", {})});
    REQUIRE(board.config.instances[0].interface == "eth0");
    CHECK(board.board.tracking(0) == Tracking{.faults = 2});
    CHECK(board.board.tracking(1) == Tracking{.faults = 2});
    CHECK(board.board.tracking(2) == Tracking{.faults = 1});
    CHECK(board.board.tracking(3) == Tracking{});
    CHECK_FALSE(board.board.is_tracked(Tracked::interface, "eth7"));
    CHECK(board.set(Tracked::interface, "eth5", Known::up) == Routers{0, 1});
    CHECK(board.set(Tracked::interface, "eth6", Known::up) == Routers{0, 1});
    CHECK(board.board.tracking(0) == Tracking{});
    CHECK(board.board.tracking(1) == Tracking{});  // a weight does not make up for the address
    CHECK(board.board.routers(Tracked::interface, "eth5") == Routers{0, 1});
    board.config.track_groups = {};
    board.configure(board.config.instances);
    CHECK_FALSE(board.board.is_tracked(Tracked::interface, "eth6"));
    CHECK(board.board.tracking(1) == Tracking{.weight = 50});
}

TEST_CASE("thousands of routers share what they track") {
    constexpr std::uint32_t kRouters = 20000;
    std::vector<Instance> instances;
    for (std::uint32_t i = 0; i < kRouters; ++i) {
        instances.push_back(
            tracking("V", {tracker(Tracked::script, "common", -10), tracker(Tracked::script, std::to_string(i), -20)}));
    }
    Board board(std::move(instances));
    CHECK(board.set(Tracked::script, "common", Known::down).size() == kRouters);
    CHECK(board.set(Tracked::script, "777", Known::down) == Routers{777});
    CHECK(board.board.tracking(776) == Tracking{.weight = -10});
    CHECK(board.board.tracking(777) == Tracking{.weight = -30});
}
