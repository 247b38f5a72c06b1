#include "vrrp/announcement_queue.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "helpers.hpp"

using namespace sustain;
using namespace sustain::vrrp;
using namespace std::chrono_literals;

namespace {

std::vector<Announcement> addresses(std::initializer_list<const char*> texts, const char* interface = "eth0") {
    std::vector<Announcement> all;
    for (const char* text : texts) {
        all.push_back({interface[3] - '0' + 2, interface, test::address(text)});
    }
    return all;
}

/// Everything that leaves until `end`, each packet as soon as it may: "200 10.0.0.100" in milliseconds.
std::vector<std::string> packets(AnnouncementQueue& queue, core::TimePoint end) {
    std::vector<std::string> all;
    while (queue.deadline() && *queue.deadline() <= end) {
        const core::TimePoint now = *queue.deadline();
        const Announcement* next = queue.next(now);
        REQUIRE(next != nullptr);
        all.push_back(fmt::format("{} {}", now.time_since_epoch() / 1ms, next->address));
        queue.sent(now);
    }
    return all;
}

using Packets = std::vector<std::string>;
constexpr core::TimePoint kStart{};
constexpr core::TimePoint kEnd{3600s};
const char* const kOne = "one";  // owners are compared by address only
const char* const kOther = "other";

core::VrrpSettings paced(core::Duration garp, core::Duration gna = core::Duration{0}) {
    core::VrrpSettings settings;
    settings.garp_interval = garp;
    settings.gna_interval = gna;
    return settings;
}

}  // namespace

TEST_CASE("A12: round after round of all addresses, at once") {
    AnnouncementQueue queue;
    CHECK(queue.next(kStart) == nullptr);
    queue.add(kOne, addresses({"10.0.0.100", "10.0.0.101", "10.0.0.110"}), 2, kStart);
    CHECK(packets(queue, kStart) ==
          Packets{"0 10.0.0.100", "0 10.0.0.101", "0 10.0.0.110", "0 10.0.0.100", "0 10.0.0.101", "0 10.0.0.110"});
    CHECK_FALSE(queue.deadline().has_value());
}

TEST_CASE("without rates the addresses of both families keep their order") {
    AnnouncementQueue queue;
    queue.add(kOne, addresses({"10.0.0.100", "fd00::1", "fd00::2"}), 2, kStart);
    CHECK(packets(queue, kStart) ==
          Packets{"0 10.0.0.100", "0 fd00::1", "0 fd00::2", "0 10.0.0.100", "0 fd00::1", "0 fd00::2"});
}

TEST_CASE("a rate for ARP does not slow neighbour advertisements down") {
    AnnouncementQueue queue;
    queue.configure(paced(100ms), {});
    queue.add(kOne, addresses({"10.0.0.100", "fd00::1", "10.0.0.101", "fd00::2"}), 1, kStart);
    CHECK(packets(queue, kEnd) == Packets{"0 10.0.0.100", "0 fd00::1", "0 fd00::2", "100 10.0.0.101"});
}

TEST_CASE("A14: one packet an interval, the first at once") {
    AnnouncementQueue queue;
    queue.configure(paced(200ms), {});
    queue.add(kOne, addresses({"10.0.0.100", "10.0.0.101", "10.0.0.102"}), 2, kStart);
    CHECK(packets(queue, kEnd) == Packets{"0 10.0.0.100", "200 10.0.0.101", "400 10.0.0.102", "600 10.0.0.100",
                                          "800 10.0.0.101", "1000 10.0.0.102"});
    SECTION("and the interval holds for the next set as well") {
        queue.add(kOne, addresses({"10.0.0.100"}), 1, core::TimePoint(1050ms));
        CHECK(packets(queue, kEnd) == Packets{"1200 10.0.0.100"});
        queue.add(kOne, addresses({"10.0.0.100"}), 1, core::TimePoint(9s));
        CHECK(packets(queue, kEnd) == Packets{"9000 10.0.0.100"});
    }
}

TEST_CASE("a late turn does not make up for missed packets") {
    AnnouncementQueue queue;
    queue.configure(paced(200ms), {});
    queue.add(kOne, addresses({"10.0.0.100"}), 3, kStart);
    queue.sent(core::TimePoint(1s));
    CHECK(queue.deadline() == core::TimePoint(1200ms));
    CHECK(queue.next(core::TimePoint(1199ms)) == nullptr);
}

TEST_CASE("ARP and neighbour advertisements have rates of their own") {
    AnnouncementQueue queue;
    queue.configure(paced(200ms, 300ms), {});
    queue.add(kOne, addresses({"10.0.0.100", "fd00::100"}), 2, kStart);
    CHECK(packets(queue, kEnd) == Packets{"0 10.0.0.100", "0 fd00::100", "200 10.0.0.100", "300 fd00::100"});
}

TEST_CASE("interfaces do not wait for each other, those of a garp_group do") {
    AnnouncementQueue queue;
    GarpGroup group;
    group.garp_interval = 100ms;
    group.interfaces = {"eth1", "eth2"};
    queue.configure(paced(500ms, 400ms), {group});
    queue.add(kOne, addresses({"10.0.0.100", "10.0.0.101"}), 1, kStart);
    queue.add(kOther, addresses({"10.1.0.100", "fd01::1", "fd01::2"}, "eth1"), 1, kStart);
    queue.add(kOther, addresses({"10.2.0.100"}, "eth2"), 1, kStart);
    auto all = packets(queue, kEnd);
    std::ranges::sort(all);
    // eth2 replaced what the same router had waiting in the same lane: the lane is the group's.
    CHECK(all == Packets{"0 10.0.0.100", "0 10.2.0.100", "0 fd01::1", "400 fd01::2", "500 10.0.0.101"});
    SECTION("of two routers both are heard") {
        queue.add(kOne, addresses({"10.1.0.100"}, "eth1"), 1, core::TimePoint(10s));
        queue.add(kOther, addresses({"10.2.0.100"}, "eth2"), 1, core::TimePoint(10s));
        CHECK(packets(queue, kEnd) == Packets{"10000 10.1.0.100", "10100 10.2.0.100"});
    }
}

TEST_CASE("routers of one lane take turns, whatever their number of addresses") {
    AnnouncementQueue queue;
    queue.add(kOne, addresses({"10.0.0.1", "10.0.0.2", "10.0.0.3"}), 1, kStart);
    queue.add(kOther, addresses({"10.0.0.9"}), 2, kStart);
    CHECK(packets(queue, kStart) == Packets{"0 10.0.0.1", "0 10.0.0.9", "0 10.0.0.2", "0 10.0.0.9", "0 10.0.0.3"});
}

TEST_CASE("no more than one set is outstanding") {
    AnnouncementQueue queue;
    queue.configure(paced(100ms), {});
    queue.add(kOne, addresses({"10.0.0.100", "10.0.0.101"}), 5, kStart);
    queue.add(kOne, addresses({"10.0.0.100", "10.0.0.101"}), 5, kStart);
    CHECK(packets(queue, kEnd).size() == 10);
    queue.add(kOne, addresses({"10.0.0.100"}), 3, core::TimePoint(10s));
    queue.add(kOne, addresses({"10.0.0.100"}), 1, core::TimePoint(10s));  // a refresh does not end a larger set
    CHECK(packets(queue, kEnd).size() == 3);
}

TEST_CASE("a single packet is for those who are silent") {
    AnnouncementQueue queue;
    queue.configure(paced(100ms), {});
    const auto one = addresses({"10.1.0.100"}, "eth1");
    queue.add_single(kOne, one.front(), kStart);
    queue.add_single(kOne, one.front(), kStart);
    CHECK(packets(queue, kEnd) == Packets{"0 10.1.0.100"});
    queue.add(kOne, addresses({"10.1.0.100", "10.1.0.101"}, "eth1"), 1, core::TimePoint(1s));
    queue.add_single(kOne, one.front(), core::TimePoint(1s));
    CHECK(packets(queue, kEnd) == Packets{"1000 10.1.0.100", "1100 10.1.0.101"});
}

TEST_CASE("leaving MASTER empties the queue of this router only") {
    AnnouncementQueue queue;
    queue.configure(paced(100ms), {});
    queue.add(kOne, addresses({"10.0.0.100", "fd00::1"}), 5, kStart);
    queue.add(kOther, addresses({"10.0.0.200"}), 1, kStart);
    queue.forget(kOne);
    CHECK(packets(queue, kEnd) == Packets{"0 10.0.0.200"});
    queue.forget(kOne);
    CHECK_FALSE(queue.deadline().has_value());
}

TEST_CASE("an address that cannot be sent is given up, the others are not") {
    AnnouncementQueue queue;
    queue.add(kOne, addresses({"10.0.0.100", "10.0.0.101"}), 2, kStart);
    REQUIRE(queue.next(kStart)->address == test::address("10.0.0.100"));
    queue.drop(kStart);
    CHECK(packets(queue, kStart) == Packets{"0 10.0.0.101", "0 10.0.0.101"});
    queue.add(kOne, addresses({"10.0.0.100"}), 2, kStart);
    queue.drop(kStart);
    CHECK_FALSE(queue.deadline().has_value());
}

TEST_CASE("an interface that takes no more holds up nobody else") {
    AnnouncementQueue queue;
    queue.add(kOne, addresses({"10.0.0.100"}), 1, kStart);
    queue.add(kOther, addresses({"10.1.0.100"}, "eth1"), 1, kStart);
    REQUIRE(queue.next(kStart)->address == test::address("10.0.0.100"));
    queue.postpone(core::TimePoint(1ms));
    CHECK(packets(queue, kEnd) == Packets{"0 10.1.0.100", "1 10.0.0.100"});
}

TEST_CASE("a reload that shortens the interval does so at once") {
    AnnouncementQueue queue;
    queue.configure(paced(10s), {});
    queue.add(kOne, addresses({"10.0.0.100"}), 3, kStart);
    queue.sent(kStart);
    queue.configure(paced(1s), {});
    queue.add(kOne, addresses({"10.0.0.100"}), 3, core::TimePoint(500ms));
    CHECK(packets(queue, kEnd) == Packets{"1000 10.0.0.100", "2000 10.0.0.100", "3000 10.0.0.100"});
}

TEST_CASE("two thousand addresses") {
    AnnouncementQueue queue;
    std::vector<Announcement> many;
    for (unsigned i = 0; i < 2000; ++i) {
        many.push_back({2, "eth0", core::Address::ipv4(0x0a010000 + i)});
    }
    queue.add(kOne, many, 5, kStart);
    queue.add(kOne, many, 5, kStart);
    CHECK(packets(queue, kStart).size() == 10000);
}
