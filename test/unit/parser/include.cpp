#include "parser/include.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "parser/pattern.hpp"

using namespace sustain::parser;

namespace {

const char* const kGlobals = "global_defs {\n    router_id lb1\n}\n";

Outcome load_file(const std::string& file, bool all_required = false) {
    return load({.file = file, .config_id = {}, .all_required = all_required, .strict = true}, test::FakeMachine());
}

}  // namespace

TEST_CASE("include lines") {
    CHECK(parse_include("include a b ")->pattern == "a b");
    CHECK(parse_include("include \va")->pattern == "\va");
    CHECK(parse_include("includea\tx}")->pattern == "x}");
    CHECK(parse_include("includer x")->checks.read);
    CHECK_FALSE(parse_include("includer x")->checks.match);
    CHECK(parse_include("includeb x")->checks.brace_match);
    for (const auto* const line :
         {"include", "include ", "includex y", "included y", "Include y", "inc y", "includera x"}) {
        CHECK_FALSE(parse_include(line).has_value());
    }
}

TEST_CASE("brace alternatives") {
    using Names = std::vector<std::string>;
    CHECK(alternatives("a") == Names{"a"});
    CHECK(alternatives("{a,b}.conf") == Names{"a.conf", "b.conf"});
    CHECK(alternatives("x{,a{1,2}}y") == Names{"xy", "xa1y", "xa2y"});
    CHECK(alternatives("{a,b}{1,2}") == Names{"a1", "a2", "b1", "b2"});
    CHECK(alternatives("{a,b") == Names{"{a,b"});
    CHECK(alternatives("\\{a,b}") == Names{"\\{a,b}"});
    CHECK(alternatives("{}") == Names{"{}"});
    std::string bomb;
    for (int i = 0; i < 300; ++i) {
        bomb += "{a,b}";
    }
    CHECK_FALSE(alternatives(bomb).has_value());
}

TEST_CASE("matches come in byte order, relative to the folder") {
    const test::Folder folder;
    for (const auto* const name : {"d/b.conf", "d/B.conf", "d/10.conf", "d/9.conf", "d/.h.conf", "d/s/x"}) {
        folder.write(name, "");
    }
    const auto base = folder.path("d/");
    using Names = std::vector<std::string>;
    CHECK(match("*.conf", base).names == Names{"10.conf", "9.conf", "B.conf", "b.conf"});
    CHECK(match("{b,B,nope}.conf", base).names == Names{"b.conf", "B.conf"});
    CHECK(match("{b,B,nope}.conf", base).alternative_missing);
    CHECK(match("s*", base).names == Names{"s/"});
    CHECK(match("nowhere/*", base).directory_missing);
    CHECK_FALSE(match("s/*.conf", base).directory_missing);
    CHECK(match("[0-9]?.conf", base).names == Names{"10.conf"});
    CHECK(match(base + "9.conf", "/elsewhere/").names == Names{base + "9.conf"});
}

TEST_CASE("the checks of include lines") {
    struct Row {
        const char* pattern;
        int plain, r, m, w, b, a;
        const char* message;
    };
    const Row rows[] = {
        {"no.conf", 0, 0, 6, 6, 0, 6, "Config files missing 'no.conf'."},
        {"no/*.conf", 0, 0, 6, 6, 0, 6, "Config files missing 'no/*.conf'."},
        {"d/*.none", 0, 0, 0, 6, 0, 6, ""},
        {"{a,b}.conf", 0, 0, 0, 0, 6, 6, "Some config files missing: \"{a,b}.conf\"."},
        {"{x,y}.conf", 0, 0, 0, 0, 6, 6, "Config files missing '{x,y}.conf'."},
        {"d", 0, 6, 6, 6, 6, 6, "Configuration file 'd/' is a directory - skipping"},
        {"e/*", 0, 6, 6, 6, 6, 6, "Configuration file 'e/sub/' is a directory - skipping"},
        {"run.sh", 0, 6, 6, 6, 6, 6, "Configuration file 'run.sh' is not a regular non-executable file - skipping"},
    };
    const test::Folder folder;
    folder.write("d/x", "");
    folder.write("e/sub/x", "");
    folder.write("e/good", kGlobals);
    folder.write("a.conf", "");
    chmod(folder.write("run.sh", "").c_str(), 0755);
    for (const Row& row : rows) {
        const std::pair<const char*, int> keywords[] = {{"include", row.plain}, {"includer", row.r},
                                                        {"includem", row.m},    {"includew", row.w},
                                                        {"includeb", row.b},    {"includea", row.a}};
        for (const auto& [keyword, status] : keywords) {
            const std::string line = std::string(keyword) + " " + row.pattern;
            const Outcome outcome = load_file(folder.write("k.conf", line + "\n"));
            INFO(line << '\n' << test::headlines(outcome));
            CHECK(outcome.test_status == status);
            CHECK(test::fatal_status(outcome).has_value() == (status == 6));
            CHECK(test::headlines(outcome).find(row.message) != std::string::npos);
        }
        CHECK(load_file(folder.path("k.conf")).test_status == 6);  // the last one was includea
        folder.write("k.conf", std::string("include ") + row.pattern + "\n");
        CHECK(load_file(folder.path("k.conf"), true).test_status == row.a);  // -e
    }
}

TEST_CASE("relative names are those of the including file") {
    const test::Folder folder;
    folder.write("inc/a.conf", "include sub/b.conf\n");
    folder.write("inc/sub/b.conf", "include ../c.conf\nnonsense\n");
    folder.write("inc/c.conf", kGlobals);
    const Outcome outcome = load_file(folder.write("k.conf", "include inc/a.conf\nmore\n"));
    CHECK(outcome.config.global.router_id == "lb1");
    CHECK(test::headlines(outcome) ==
          "(sub/b.conf: Line 2) Unknown keyword 'nonsense'\n(k.conf: Line 2) Unknown keyword 'more'\n");
}

TEST_CASE("blocks may span files and includes may stand anywhere") {
    const test::Folder folder;
    folder.write("vips", "192.0.2.1\n192.0.2.2\n");
    folder.write("end", "}\n");
    const Outcome outcome = load_file(folder.write("k.conf",
                                                   "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n"
                                                   "virtual_ipaddress { include vips\n}\ninclude end\n"));
    INFO(test::headlines(outcome));
    CHECK(outcome.test_status == 0);
    REQUIRE(outcome.config.vrrp.instances.size() == 1);
    CHECK(outcome.config.vrrp.instances[0].addresses.size() == 2);
}

TEST_CASE("a file that includes itself is an error and comes to an end") {
    const test::Folder folder;
    const Outcome direct = load_file(folder.write("k.conf", "include k.conf\n"));
    CHECK(direct.test_status == 5);
    CHECK(test::headlines(direct).find("includes itself") != std::string::npos);
    folder.write("a.conf", "include b.conf\ninclude b.conf\n");
    folder.write("b.conf", "include ./a.conf\n");
    CHECK(load_file(folder.write("k.conf", "include a.conf\n")).test_status == 5);
    folder.write("twice.conf", "# nothing\n");
    CHECK(load_file(folder.write("k.conf", "include twice.conf\ninclude {twice,twice}.conf\n")).test_status == 0);
    for (int i = 0; i < 70; ++i) {  // a chain of different files
        folder.write("n" + std::to_string(i), "include n" + std::to_string(i + 1) + "\n");
    }
    const Outcome deep = load_file(folder.path("n0"));
    CHECK(deep.test_status == 5);
    CHECK(test::headlines(deep).find("nested more than 64 deep") != std::string::npos);
}
