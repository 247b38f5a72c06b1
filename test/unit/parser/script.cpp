#include "parser/script.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace sustain::parser {

namespace {

using Words = std::vector<std::string>;

/// Executable and arguments of a line as spec/syntax.md 15.2 shows them.
Words command(std::string_view written) {
    const auto line = split_script("script " + std::string(written), Escapes::keep);
    REQUIRE(line.fault == ScriptWords::Fault::none);
    REQUIRE(line.words.size() >= 2);
    return split_script(line.words[1], Escapes::replace).words;
}

TEST_CASE("Script lines are split twice") {
    CHECK(command(R"(/usr/bin/true a b)") == Words{"/usr/bin/true"});
    CHECK(command(R"("/usr/bin/true a b")") == Words{"/usr/bin/true", "a", "b"});
    CHECK(command(R"('/usr/bin/true a b')") == Words{"/usr/bin/true", "a", "b"});
    CHECK(command(R"("/usr/bin/true 'a b' c")") == Words{"/usr/bin/true", "a b", "c"});
    CHECK(command(R"("/usr/bin/true \"a b\" c")") == Words{"/usr/bin/true", "\"a", "b\"", "c"});
    CHECK(command(R"("/usr/bin/true "abc"def 'x'y")") == Words{"/usr/bin/true", "abcdef", "xy"});
    CHECK(command(R"(/usr/bin/tr"ue  x" y)") == Words{"/usr/bin/true", "x"});
    CHECK(command(R"(/usr/bin/true\ x\ \"y)") == Words{"/usr/bin/true x \"y"});
    CHECK(command(R"("/usr/bin/true e\x41f \101 \cA \q")") == Words{"/usr/bin/true", "eAf", "A", "\x01", "q"});
}

TEST_CASE("Escapes of scripts and regular expressions") {
    const auto one = [](std::string_view text) {
        const auto split = split_script(text, Escapes::replace);
        REQUIRE(split.words.size() == 1);
        return split.words[0];
    };
    CHECK(one(R"(\a\b\f\n\r\t\v\E)") == "\a\b\f\n\r\t\v\x1b");
    CHECK(one(R"(\x4142)") == "A42");  // two digits at most
    CHECK(one(R"(\xg)") == "xg");
    CHECK(one(R"(\1018\8)") == "A88");
    CHECK(one(R"('a\'b')") == "a'b");
    CHECK(one(R"(ab\0cd)") == "ab");
    CHECK(one(R"(a\ b)") == "a b");
    CHECK(split_script("'a b", Escapes::keep).quote == '\'');
    CHECK(split_script("a\\", Escapes::replace).fault == ScriptWords::Fault::backslash);
    CHECK(split_script(" \t ", Escapes::keep).words.empty());
    CHECK(split_script("''", Escapes::keep).words == Words{""});
}

TEST_CASE("Programs as the machine has them") {
    const test::Folder folder;
    const SystemEnvironment machine;
    const std::string program = folder.write("bin/program", "#!/bin/sh\n");
    const core::Account nobody{.uid = 65534, .gid = 65534, .groups = {}};
    using Finding = Program::Finding;
    const auto finding = [&](const std::string& name, const core::Account& account = {}) {
        return machine.program(name, account).finding;
    };
    chmod(folder.path("").c_str(), 0755);
    chmod(folder.path("bin").c_str(), 0755);
    chmod(program.c_str(), 0644);
    CHECK(finding(program) == Finding::not_executable);
    chmod(program.c_str(), 0755);
    CHECK(finding(program, nobody) == Finding::fine);
    CHECK(machine.program(program, nobody).path == program);
    CHECK(finding(folder.path("bin"), nobody) == Finding::wrong_type);
    CHECK(finding(folder.path("bin/other")) == Finding::not_found);
    CHECK(finding("no-such-program-anywhere") == Finding::not_found);
    chmod(program.c_str(), 0754);
    CHECK(finding(program, nobody) == Finding::not_executable);
    chmod(folder.path("bin").c_str(), 0700);
    CHECK(finding(program, nobody) == Finding::not_found);
    if (geteuid() != 0) {
        return;  // what follows is about folders that root owns
    }
    chmod(folder.path("bin").c_str(), 0755);
    CHECK(finding(program) == Finding::fine);
    chmod(program.c_str(), 0757);
    CHECK(finding(program) == Finding::insecure);
    CHECK(finding(program, nobody) == Finding::fine);
    CHECK(finding(program, {.uid = 65534, .gid = 0, .groups = {}}) == Finding::insecure);
    chmod(program.c_str(), 0775);
    CHECK(finding(program) == Finding::fine);  // of root's group
    chmod(program.c_str(), 0755);
    chmod(folder.path("bin").c_str(), 0777);
    CHECK(finding(program) == Finding::insecure);
    chmod(folder.path("bin").c_str(), 01777);
    CHECK(finding(program) == Finding::fine);
    REQUIRE(symlink("bin", folder.path("linked").c_str()) == 0);
    REQUIRE(symlink("program", folder.path("bin/alias").c_str()) == 0);
    CHECK(finding(folder.path("linked/program")) == Finding::fine);  // as with /bin on a merged /usr
    CHECK(machine.program(folder.path("linked/program"), {}).path == program);
    CHECK(finding(folder.path("linked/program"), nobody) == Finding::fine);
    CHECK(finding(folder.path("bin/alias")) == Finding::fine);
    CHECK(machine.program(folder.path("bin/alias"), {}).path == program);
    REQUIRE(lchown(folder.path("linked").c_str(), 65534, 65534) == 0);
    CHECK(finding(folder.path("linked/program")) == Finding::insecure);
    REQUIRE(symlink(folder.path("loop").c_str(), folder.path("loop").c_str()) == 0);
    CHECK(finding(folder.path("loop/program")) == Finding::not_found);
}

TEST_CASE("A refusal names the element of the path, its owner and mode, and the remedy") {
    if (geteuid() != 0) {
        return;
    }
    const test::Folder folder;
    const SystemEnvironment machine;
    const std::string program = folder.write("bin/program", "#!/bin/sh\n");
    const std::string bin = folder.path("bin");
    const core::Account nobody{.uid = 65534, .gid = 65534, .groups = {}};
    chmod(folder.path("").c_str(), 0755);
    chmod(program.c_str(), 0755);
    chmod(bin.c_str(), 0777);
    const auto reason = [&](const core::Account& account = {}) { return machine.program(program, account).reason; };
    CHECK(reason() == "Unsafe permissions found for script '" + program + "': " + bin +
                          " is owned by 0:0 with mode 0777; chmod o-w " + bin + " makes it safe.");
    REQUIRE(chown(bin.c_str(), 65534, 65534) == 0);
    CHECK(reason() == "Unsafe permissions found for script '" + program + "': " + bin +
                          " is owned by 65534:65534 with mode 0777; chown root " + bin + " makes it safe.");
    REQUIRE(chown(bin.c_str(), 0, 65534) == 0);
    CHECK(reason().find("chmod go-w " + bin) != std::string::npos);
    REQUIRE(chown(bin.c_str(), 0, 0) == 0);
    chmod(bin.c_str(), 0750);
    CHECK(reason() == "");
    CHECK(reason(nobody) == "Script " + program + " cannot be accessed - Permission denied for uid:gid 65534:65534: " +
                                bin + " is owned by 0:0 with mode 0750; chmod o+x " + bin + " would let it in");
    chmod(program.c_str(), 0644);
    CHECK(reason() == "WARNING - script '" + program + "' is not executable for uid:gid 0:0 - disabling. (" + program +
                          " is owned by 0:0 with mode 0644; chmod +x " + program + " makes it executable)");
}

}  // namespace

}  // namespace sustain::parser
