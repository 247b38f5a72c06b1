#include "vrrp/contribution.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace sustain::vrrp;
using Known = TrackedStatus::Known;

namespace {

Contribution of(std::int32_t weight, bool reverse, Known known) {
    return contribution({.kind = Tracked::script, .reverse = reverse, .weight = weight, .name = {}}, {.known = known});
}

Contribution of_number(std::int32_t weight, bool reverse, std::int32_t number) {
    return contribution({.kind = Tracked::file, .reverse = reverse, .weight = weight, .name = {}},
                        {.known = Known::number, .number = number});
}

constexpr Contribution kNothing{};
constexpr Contribution kFault{.fault = true};

Contribution weight(std::int32_t value) {
    return {.weight = value};
}

}  // namespace

TEST_CASE("a weight is a gain while up or a loss while down") {
    CHECK(of(30, false, Known::up) == weight(30));
    CHECK(of(30, false, Known::down) == kNothing);
    CHECK(of(-30, false, Known::up) == kNothing);
    CHECK(of(-30, false, Known::down) == weight(-30));
}

TEST_CASE("reverse exchanges up and down and negates the weight") {
    CHECK(of(30, true, Known::up) == weight(-30));
    CHECK(of(30, true, Known::down) == kNothing);
    CHECK(of(-30, true, Known::up) == kNothing);
    CHECK(of(-30, true, Known::down) == weight(30));
}

TEST_CASE("without a weight a failure is a fault") {
    CHECK(of(0, false, Known::up) == kNothing);
    CHECK(of(0, false, Known::down) == kFault);
    CHECK(of(0, true, Known::up) == kFault);
    CHECK(of(0, true, Known::down) == kNothing);
}

TEST_CASE("who has not reported holds the router only without a weight") {
    CHECK(of(0, false, Known::waiting) == Contribution{.waiting = true});
    CHECK(of(0, true, Known::waiting) == Contribution{.waiting = true});
    CHECK(of(30, false, Known::waiting) == kNothing);
    CHECK(of(-30, true, Known::waiting) == kNothing);
}

TEST_CASE("a script that is not run counts for nothing") {
    CHECK(of(0, false, Known::unusable) == kNothing);
    CHECK(of(0, true, Known::unusable) == kNothing);
    CHECK(of(-30, false, Known::unusable) == kNothing);
}

TEST_CASE("weights beyond 253 act as 253") {
    CHECK(of(10000, false, Known::up) == weight(253));
    CHECK(of(-10000, false, Known::down) == weight(-253));
    CHECK(of(-10000, true, Known::down) == weight(253));
}

TEST_CASE("the number of a file times its weight is added") {
    CHECK(of_number(2, false, 10) == weight(20));
    CHECK(of_number(-2, false, 10) == weight(-20));
    CHECK(of_number(3, true, 10) == weight(-30));
    CHECK(of_number(1, false, 0) == kNothing);
}

TEST_CASE("beyond the limits it is 253, or a fault") {
    CHECK(of_number(1, false, 253) == weight(253));
    CHECK(of_number(1, false, 254) == weight(253));
    CHECK(of_number(1, false, -253) == weight(-253));
    CHECK(of_number(1, false, -254) == kFault);
    CHECK(of_number(2, false, -127) == kFault);
    CHECK(of_number(2, true, 127) == kFault);
    constexpr auto kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
    CHECK(of_number(254, false, kLeast) == kFault);
    CHECK(of_number(254, true, kLeast) == weight(253));
    CHECK(of_number(-254, false, kMost) == kFault);
    CHECK(of_number(254, false, kMost) == weight(253));
}

TEST_CASE("without a weight any number but 0 is a fault") {
    CHECK(of_number(0, false, 0) == kNothing);
    CHECK(of_number(0, false, 1) == kFault);
    CHECK(of_number(0, false, -1) == kFault);
    CHECK(of_number(0, true, 0) == kFault);
    CHECK(of_number(0, true, 1) == kNothing);
    CHECK(of_number(0, true, -1) == kNothing);
}
