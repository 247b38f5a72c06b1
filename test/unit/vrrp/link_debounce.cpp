#include "vrrp/link_debounce.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace std::chrono_literals;
using vrrp::LinkDebounce;

namespace {

constexpr core::TimePoint at(core::Duration time) {
    return core::TimePoint(time);
}

}  // namespace

TEST_CASE("without delays every change counts at once") {
    LinkDebounce link(true);
    link.observe(false, at(1s));
    CHECK_FALSE(link.up());
    link.observe(true, at(1s));
    CHECK(link.up());
    CHECK_FALSE(link.deadline().has_value());
}

TEST_CASE("F08: a shorter flap leaves no trace, a longer one counts after the delay") {
    LinkDebounce link(true);
    link.set(1s, 2s);
    link.observe(false, at(10s));
    CHECK(link.deadline() == at(11s));
    SECTION("short") {
        link.observe(true, at(10500ms));
        CHECK(link.up());
        CHECK_FALSE(link.deadline().has_value());
        link.expire(at(12s));
        CHECK(link.up());
    }
    SECTION("long") {
        link.observe(false, at(10700ms));  // says the same once more: the time does not begin anew
        CHECK(link.deadline() == at(11s));
        link.expire(at(10999ms));
        CHECK(link.up());
        link.expire(at(11s));
        CHECK_FALSE(link.up());
        link.observe(true, at(12s));
        CHECK_FALSE(link.up());
        CHECK(link.deadline() == at(14s));
        link.expire(at(14s));
        CHECK(link.up());
    }
}

TEST_CASE("the first time up counts at once, the next does not") {
    LinkDebounce link(false);
    link.set(1s, 2s);
    link.observe(true, at(1s));
    CHECK(link.up());
    link.observe(false, at(2s));
    link.expire(at(3s));
    link.observe(true, at(4s));
    CHECK_FALSE(link.up());
}

TEST_CASE("an interface that is gone is down at once") {
    LinkDebounce link(true);
    link.set(1s, 2s);
    link.observe(false, at(1s));
    link.vanish();
    CHECK_FALSE(link.up());
    CHECK_FALSE(link.deadline().has_value());
}

TEST_CASE("a reload does not change a delay that runs") {
    LinkDebounce link(true);
    link.set(1s, 0s);
    link.observe(false, at(10s));
    link.set(5s, 0s);
    CHECK(link.deadline() == at(11s));
    link.expire(at(11s));
    CHECK_FALSE(link.up());
    link.observe(true, at(12s));
    CHECK(link.up());
}
