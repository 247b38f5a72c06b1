#include "parser/values.hpp"

#include <catch2/catch.hpp>

using namespace sustain::parser;
using namespace std::chrono_literals;

// The faults of numbers are in test/corpus/language/values.txt; here are the values.

TEST_CASE("values of integers") {
    CHECK(read_unsigned("0042", {0, 100}).value == 42);
    CHECK(read_unsigned("", {0, 100}).value == 0);
    CHECK(read_unsigned("4294967295", {0, 4294967295}).value == 4294967295);
    CHECK(read_signed("-20", {-20, 19}).value == -20);
    CHECK(read_signed("-2147483648", {-2147483648, 0}).fault == NumberFault::none);
    CHECK(read_signed("2147483648", {0, 2147483647}).fault == NumberFault::overflow);
    CHECK(read_signed("-", {-20, 19}).fault == NumberFault::junk);
}

TEST_CASE("what a lenient reader takes of a number with junk") {
    const auto junk = read_unsigned("3x", {1, 5});
    CHECK(junk.fault == NumberFault::junk);
    CHECK(junk.usable);
    CHECK(junk.value == 3);
    CHECK_FALSE(read_unsigned("9x", {1, 5}).usable);
    CHECK_FALSE(read_unsigned("x", {1, 5}).usable);
    CHECK(read_unsigned("x", {0, 5}).usable);
    CHECK_FALSE(read_unsigned("99999999999999999999x", {0, 5}).usable);
    const auto decimal = read_decimal("5s", 6, {0, 1'000'000'000});
    CHECK(decimal.fault == NumberFault::junk);
    CHECK(decimal.value == 5);  // of the smallest unit
}

TEST_CASE("values of decimals") {
    const Limits<std::uint64_t> any{0, ~0ULL - 1};
    CHECK(read_decimal("1", 6, any).value == 1'000'000);
    CHECK(read_decimal("1.5", 6, any).value == 1'500'000);
    CHECK(read_decimal(".5", 6, any).value == 500'000);
    CHECK(read_decimal("5.", 6, any).value == 5'000'000);
    CHECK(read_decimal(".", 6, any).value == 0);
    CHECK(read_decimal("10.125", 3, any).value == 10'125);
    CHECK(read_decimal("18446744073709.551614", 6, any).value == 18446744073709551614ULL);
    CHECK(read_decimal("18446744073709.551615", 6, any).fault == NumberFault::overflow);
    CHECK(read_decimal("18446744073709.5516145", 6, any).fault != NumberFault::none);
    const auto rounded = read_decimal("1.1234565", 6, any);
    CHECK(rounded.fault == NumberFault::too_many_decimals);
    CHECK(rounded.value == 1'123'457);
    CHECK(format_decimal(10'000, 6) == "0.010000");
    CHECK(format_decimal(7, 0) == "7");
}

TEST_CASE("absurd times stay computable") {
    CHECK(to_duration(1'500'000) == 1500ms);
    const auto century = to_duration(18446744073709551614ULL);
    CHECK(century > 24h * 365 * 99);
    CHECK(century + century > century);
}

TEST_CASE("booleans") {
    for (const auto* const word : {"on", "true", "yes"}) {
        CHECK(read_boolean(word) == true);
    }
    for (const auto* const word : {"off", "false", "no"}) {
        CHECK(read_boolean(word) == false);
    }
    for (const auto* const word : {"ON", "1", "y", " on", "on ", "'on'", "", "onx"}) {
        CHECK_FALSE(read_boolean(word).has_value());
    }
}

TEST_CASE("numbers in C notation") {
    CHECK(read_c_number("0x1f") == 31);
    CHECK(read_c_number("010") == 8);
    CHECK(read_c_number("0") == 0);
    CHECK(read_c_number("253") == 253);
    CHECK(read_c_number("-1") == -1);
    for (const auto* const word : {"", "08", "0x", "1x", "link", "0xg"}) {
        CHECK_FALSE(read_c_number(word).has_value());
    }
}

TEST_CASE("addresses and masks") {
    CHECK(read_server_address("192.0.2.1/24").has_value());
    CHECK(read_server_address("192.0.2.1-zzz").has_value());
    CHECK_FALSE(read_server_address("192.0.02.1").has_value());
    CHECK_FALSE(read_server_address("").has_value());
    CHECK(read_netmask("255.255.255.0") == 0xffffff00);
    CHECK(read_netmask("24") == 24U);
    CHECK_FALSE(read_netmask("x").has_value());
    CHECK_FALSE(read_netmask("").has_value());
    CHECK(split_prefix("10.0.0.1/24").length == "24");
    CHECK(split_prefix("10.0.0.1/").length == "");
    CHECK_FALSE(split_prefix("10.0.0.1").length.has_value());
}
