#include "core/track_number.hpp"

#include <catch2/catch.hpp>

using sustain::core::parse_track_number;

TEST_CASE("the number of a tracked file is read as C reads it") {
    CHECK(parse_track_number("10") == 10);
    CHECK(parse_track_number(" \t-200\n") == -200);
    CHECK(parse_track_number("+4") == 4);
    CHECK(parse_track_number("0x10") == 16);
    CHECK(parse_track_number("010") == 8);
    CHECK(parse_track_number("08") == 0);
    CHECK(parse_track_number("12 34") == 12);
    CHECK(parse_track_number("12abc") == 12);
}

TEST_CASE("no number is 0, one that does not fit is none") {
    CHECK(parse_track_number("") == 0);
    CHECK(parse_track_number("garbage") == 0);
    CHECK(parse_track_number(std::string_view("1\0002", 3)) == 1);
    CHECK(parse_track_number("2147483647") == 2147483647);
    CHECK(parse_track_number("-2147483648") == -2147483648LL);
    CHECK_FALSE(parse_track_number("2147483648"));
    CHECK_FALSE(parse_track_number("-2147483649"));
    CHECK_FALSE(parse_track_number("99999999999999999999999"));
    CHECK(parse_track_number(std::string(1000, ' ') + "5") == 0);  // beyond what is read
}
