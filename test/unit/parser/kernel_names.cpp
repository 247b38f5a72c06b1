#include "parser/kernel_names.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "fixture.hpp"
#include "parser/address_protocol.hpp"
#include "parser/values_route.hpp"

using namespace sustain::parser;
using Kind = KernelNames::Kind;

namespace {

/// A machine made up of files.
struct Machine final : public Environment {
    std::map<std::string, std::string> files;

    [[nodiscard]] bool interface_exists(const std::string&) const override { return false; }
    [[nodiscard]] std::optional<std::string> file_text(const std::string& path, std::size_t most) const override {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second.substr(0, most));
    }
    [[nodiscard]] std::vector<std::string> folder_entries(const std::string& path, std::size_t) const override {
        std::vector<std::string> names = {".", ".."};
        for (const auto& [file, text] : files) {
            if (file.starts_with(path + "/")) {
                names.push_back(file.substr(path.size() + 1));
            }
        }
        return names;
    }
};

}  // namespace

TEST_CASE("numbers of the kernel need no file") {
    KernelNames names;
    const Machine machine;
    CHECK(names.find(Kind::table, "0x10", {}, machine) == 16U);
    CHECK(names.find(Kind::table, "-1", {}, machine) == 4294967295U);
    CHECK(names.find(Kind::scope, "256", {}, machine) == std::nullopt);
    CHECK(names.find(Kind::scope, "4294967296", {}, machine) == 0U);
    CHECK(names.find(Kind::group, "2147483648", {}, machine) == std::nullopt);
    CHECK(names.find(Kind::table, "main", {}, machine) == 254U);
    CHECK(names.find(Kind::protocol, "babel", {}, machine) == 42U);
    CHECK(names.find(Kind::scope, "Link", {}, machine) == std::nullopt);
    CHECK(names.find(Kind::dsfield, "", {}, machine) == std::nullopt);
}

TEST_CASE("files of iproute2: which count, and in which order") {
    Machine machine;
    machine.files = {
        {"/etc/iproute2/rt_tables", "# tables\n100\tblue # ours\n0x65 red\n254 principal\n"},
        {"/usr/share/iproute2/rt_tables", "200 usr\n"},
        {"/usr/share/iproute2/rt_tables.d/a.conf", "1 hidden\n"},
        {"/usr/share/iproute2/rt_tables.d/b.conf", "2 shared\n3 blue\n"},
        {"/etc/iproute2/rt_tables.d/a.conf", "4 visible\n"},
        {"/etc/iproute2/rt_tables.d/c.txt", "5 text\n"},
        {"/etc/iproute2/rt_tables.d/.d.conf", "6 dot\n"},
        {"/srv/etc/rt_scopes", "7 near\n-1 minus\n8 two words\n9\nx bad\n256 high\n"},
    };
    KernelNames names;
    CHECK(names.find(Kind::table, "blue", {}, machine) == 100U);
    CHECK(names.find(Kind::table, "red", {}, machine) == 101U);
    CHECK(names.find(Kind::table, "usr", {}, machine) == std::nullopt);
    CHECK(names.find(Kind::table, "hidden", {}, machine) == std::nullopt);
    CHECK(names.find(Kind::table, "shared", {}, machine) == 2U);
    CHECK(names.find(Kind::table, "visible", {}, machine) == 4U);
    CHECK(names.find(Kind::table, "text", {}, machine) == std::nullopt);
    CHECK(names.find(Kind::table, "dot", {}, machine) == std::nullopt);
    // the number has a name in a file, so the built-in one does not count
    CHECK(names.find(Kind::table, "principal", {}, machine) == 254U);
    CHECK(names.find(Kind::table, "main", {}, machine) == std::nullopt);

    const KernelNames::Folders folders{.etc = "/srv/etc", .usr = "/srv/usr"};
    CHECK(names.find(Kind::scope, "near", folders, machine) == 7U);
    for (const auto* const word : {"minus", "two", "words", "bad", "high"}) {
        CHECK(names.find(Kind::scope, word, folders, machine) == std::nullopt);
    }
}

TEST_CASE("files of iproute2 that are not meant well") {
    Machine machine;
    machine.files["/etc/iproute2/rt_tables"] =
        std::string(5'000'000, 'x') + "\n1 late\n";  // cut at a mebibyte, in lines of 127 bytes
    machine.files["/etc/iproute2/rt_realms"] = std::string(123, ' ') + "1 ab\n" + std::string("2 nul\0x\n", 8);
    KernelNames names;
    CHECK(names.find(Kind::table, "late", {}, machine) == std::nullopt);
    CHECK(names.find(Kind::realm, "ab", {}, machine) == 1U);
    CHECK(names.find(Kind::realm, "nul", {}, machine) == 2U);
}

TEST_CASE("the mark of our addresses has the number of its name, or the usual one") {
    Machine machine;
    sustain::core::FileSettings files;
    CHECK(address_protocol(files, machine) == 18);
    machine.files["/usr/share/iproute2/rt_addrprotos"] = "0\tunspec\n1\tkernel_lo\n40\tkeepalived\n";
    CHECK(address_protocol(files, machine) == 40);
    machine.files["/etc/iproute2/rt_addrprotos"] = "41 keepalived\n";
    CHECK(address_protocol(files, machine) == 41);
    machine.files["/srv/etc/rt_addrprotos.d/keepalived.conf"] = "42 keepalived\n";
    files.iproute_etc = "/srv/etc";
    CHECK(address_protocol(files, machine) == 40);
    files.iproute_usr = "/srv/usr";
    CHECK(address_protocol(files, machine) == 42);
    machine.files["/srv/etc/rt_addrprotos"] = "256 keepalived\n";
    CHECK(address_protocol(files, machine) == 42);
}

TEST_CASE("values of routes") {
    CHECK(read_kernel_number(" 5") == 5U);
    for (const auto* const word : {"", "5 ", "0x", "08", "+", "x"}) {
        CHECK_FALSE(read_kernel_number(word).has_value());
    }
    CHECK(read_unsigned64("18446744073709551615").value == 18446744073709551615U);
    CHECK(read_unsigned64("18446744073709551616").fault == NumberFault::overflow);
    CHECK(read_unsigned64("-0").fault == NumberFault::negative);
    CHECK(read_unsigned64("0x1").fault == NumberFault::junk);
    CHECK(read_c_unsigned("4294967296").fault == NumberFault::overflow);
    CHECK(read_mpls_labels("1048576").empty());
    CHECK(read_mpls_labels("/5").empty());
    for (const auto* const word : {"1:2:3", "1:2:3:4:5", ":::", "1:2:3:-4", "1:2:3:10000", "1:2:3:4 "}) {
        CHECK_FALSE(read_ila_locator(word).has_value());
    }
    for (const auto* const word : {"5", "5-", "5 -6", "0x5-6", "-", "x-5"}) {
        CHECK_FALSE(read_number_pair(word).has_value());
    }
    CHECK(read_route_time("18446744073709551615s", 8).fault == NumberFault::overflow);
    CHECK(read_route_time("1844674407370955161", 8).value == 960000);
    CHECK(read_route_time("200mS", 4).value == 800);
}
