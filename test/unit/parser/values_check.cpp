#include "parser/values_check.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::parser;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::optional<Bytes> hex(std::string_view text) {
    const auto pattern = read_hex(text, Wildcards::refused);
    return pattern ? std::optional(pattern->bytes) : std::nullopt;
}

}  // namespace

TEST_CASE("hexadecimal strings") {
    CHECK(hex("deadBEEF") == Bytes{0xde, 0xad, 0xbe, 0xef});
    CHECK(hex("de ad be e") == Bytes{0xde, 0xad, 0xbe, 0x0e});
    CHECK(hex(" 0 1 ") == Bytes{0, 1});
    CHECK(hex("000 1") == Bytes{0, 0, 1});
    for (const auto* const bad : {"", " ", "0xde", "de:ad", "DEXX", "g", "-1", "+1"}) {
        CHECK_FALSE(hex(bad).has_value());
    }
    const auto pattern = read_hex("0x x1 X de", Wildcards::taken);
    REQUIRE(pattern.has_value());
    CHECK(pattern->bytes == Bytes{0x00, 0x01, 0x00, 0xde});
    CHECK(pattern->mask == Bytes{0xf0, 0x0f, 0xf0, 0xff});
    CHECK_FALSE(read_hex("zz", Wildcards::taken).has_value());
}

TEST_CASE("status codes") {
    const auto range = [](std::string_view word) { return read_status_range(word); };
    CHECK(range("200") == checker::StatusRange{200, 200});
    CHECK(range("100-599") == checker::StatusRange{100, 599});
    CHECK(range("+200-+202") == checker::StatusRange{200, 202});
    CHECK(range("0200") == checker::StatusRange{200, 200});
    CHECK(range(" 200") == checker::StatusRange{200, 200});
    for (const auto* const bad : {"", "99", "600", "200-", "-200", "200-199", "200--204", "200,201", "200x", "x200",
                                  "200-20x", "200-600", "200 ", "-", "4294967496"}) {
        CHECK_FALSE(range(bad).has_value());
    }
}

TEST_CASE("a set of status codes is the same however it is written") {
    checker::StatusCodes usual;
    CHECK(usual.contains(200));
    CHECK(usual.contains(299));
    CHECK_FALSE(usual.contains(300));
    checker::StatusCodes one;
    one.add({404, 404});
    one.add({200, 203});
    one.add({204, 250});
    one.add({100, 101});
    checker::StatusCodes other;
    other.add({210, 250});
    other.add({100, 100});
    other.add({404, 404});
    CHECK(one != other);
    other.add({200, 220});
    other.add({101, 101});
    CHECK(one == other);
    for (const unsigned code : {100U, 101U, 200U, 204U, 250U, 404U}) {
        CHECK(one.contains(code));
    }
    for (const unsigned code : {0U, 99U, 102U, 199U, 251U, 403U, 405U, 600U}) {
        CHECK_FALSE(one.contains(code));
    }
    one.add({100, 599});
    CHECK(one.contains(599));
    CHECK(one.contains(300));
}

TEST_CASE("names and types of DNS checks") {
    CHECK(read_domain("example.com") == "example.com");
    CHECK(read_domain("example.com.") == "example.com");
    CHECK(read_domain(".").value().empty());
    CHECK(read_domain("").value().empty());
    CHECK(read_domain("a.b") == "a.b");
    CHECK(read_domain("a.") == "a");
    for (const auto* const bad : {"..", ".a", "a..b", "a..", "..."}) {
        CHECK_FALSE(read_domain(bad).has_value());
    }
    CHECK(fits_query(""));
    CHECK(fits_query(std::string(63, 'a') + ".b"));
    CHECK_FALSE(fits_query("b." + std::string(64, 'a')));
    std::string longest = "a";
    while (longest.size() < 253) {
        longest += ".a";
    }
    CHECK(fits_query(longest));
    CHECK_FALSE(fits_query(longest + "a"));
    CHECK(read_dns_type("A") == checker::DnsType::a);
    CHECK(read_dns_type("aaaa") == checker::DnsType::aaaa);
    CHECK(read_dns_type("DnsKey") == checker::DnsType::dnskey);
    for (const auto* const bad : {"", "ANY", "AA", "A ", "6"}) {
        CHECK_FALSE(read_dns_type(bad).has_value());
    }
}

TEST_CASE("digests and options of regular expressions") {
    CHECK(is_digest("9b3a0c85a887a256d6939da88AABD8CD"));
    CHECK_FALSE(is_digest("9b3a0c85a887a256d6939da88aabd8c"));
    CHECK_FALSE(is_digest("9b3a0c85a887a256d6939da88aabd8cg"));
    CHECK(read_regex_option("utf") == checker::RegexOption::utf);
    CHECK(read_regex_option("allow_empty_class") == checker::RegexOption::allow_empty_class);
    CHECK_FALSE(read_regex_option("UTF").has_value());
    CHECK_FALSE(read_regex_option("utf8").has_value());
}
