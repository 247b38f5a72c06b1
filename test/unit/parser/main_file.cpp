// What becomes of a main file that is not one (spec/syntax.md 17.1), and of one that is rubbish.
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <random>

#include "fixture.hpp"

using namespace sustain::parser;

namespace {

struct Verdict {
    int status;
    int status_all_required;
    std::string message;
};

void check(const std::string& file, const Verdict& verdict) {
    const test::FakeMachine machine;
    const Outcome outcome = load({.file = file, .config_id = {}, .strict = true}, machine);
    INFO(file);
    CHECK(outcome.test_status == verdict.status);
    CHECK(test::fatal_status(outcome) == 6);
    CHECK(outcome.parent_fatal == 6);
    CHECK(test::headlines(outcome) == verdict.message + "\n");
    CHECK(load({.file = file, .config_id = {}, .all_required = true, .strict = true}, machine).test_status ==
          verdict.status_all_required);
}

/// Becomes an ordinary user, to whom permissions mean something, while it lives.
class Unprivileged {
public:
    Unprivileged() {
        if (geteuid() == 0 && seteuid(65534) != 0) {
            throw std::runtime_error("seteuid");
        }
    }
    ~Unprivileged() {
        if (getuid() == 0 && seteuid(0) != 0) {
            std::abort();
        }
    }
};

}  // namespace

TEST_CASE("a main file that cannot be used") {
    const test::Folder folder;
    const std::string missing = folder.path("no.conf");
    check(missing, {0, 4, "Config files missing '" + missing + "'."});
    check(folder.path("no*.conf"), {0, 4, "No config files matched '" + folder.path("no*.conf") + "'."});
    const std::string directory = folder.path("").substr(0, folder.path("").size() - 1);
    check(directory, {0, 4, "Configuration file '" + directory + "/' is a directory - skipping"});
    const std::string program = folder.write("run.sh", "global_defs {\n}\n");
    chmod(program.c_str(), 0700);
    check(program, {0, 4, "Configuration file '" + program + "' is not a regular non-executable file - skipping"});
    check("/dev/null", {0, 4, "Configuration file '/dev/null' is not a regular non-executable file - skipping"});
    const std::string secret = folder.write("secret.conf", "global_defs {\n}\n");
    chmod(secret.c_str(), 0);
    chmod(directory.c_str(), 0755);
    const Unprivileged user;
    check(secret, {4, 4, "Unable to read configuration file " + secret});
}

TEST_CASE("several main files are read as one, and that is an error") {
    const test::Folder folder;
    const std::string first = folder.write("1.conf", "global_defs {\n");
    folder.write("2.conf", "router_id lb2\nfoo\n}\n");
    const Outcome outcome = load({.file = folder.path("*.conf"), .config_id = {}, .strict = true}, test::FakeMachine());
    CHECK(outcome.test_status == 5);
    CHECK(outcome.config.global.router_id == "lb2");
    CHECK_FALSE(test::fatal_status(outcome).has_value());
    const std::string text = test::headlines(outcome);
    CHECK(text.find("(2.conf: Line 2) Unknown keyword 'foo'") != std::string::npos);
    CHECK(text.find("WARNING, multiple configuration file matches of " + folder.path("*.conf") + ", starting with " +
                    first) != std::string::npos);
}

TEST_CASE("an empty file is a configuration of nothing") {
    for (const auto* const text : {"", "\n", "# only\n! comments\n\n"}) {
        const Outcome outcome = test::test_text(text);
        CHECK(outcome.test_status == 0);
        CHECK(outcome.diagnostics.empty());
        CHECK_FALSE(test::fatal_status(outcome).has_value());
        CHECK_FALSE(outcome.config.has_vrrp);
        CHECK_FALSE(outcome.config.has_checker);
    }
}

TEST_CASE("megabytes of rubbish are refused in little space") {
    std::mt19937_64 random(20260101);
    std::string noise(4'000'000, '\0');
    for (char& c : noise) {
        c = static_cast<char>(random());
    }
    std::string lines = noise;  // the same in lines that are short enough and have no NUL
    for (std::size_t i = 0; i < lines.size(); ++i) {
        lines[i] = lines[i] == '\0' ? ' ' : i % 61 == 0 ? '\n' : lines[i];
    }
    std::string unknown = "global_defs {\n";  // each word needs a search for what was meant
    for (int i = 0; i < 300'000; ++i) {
        unknown += "vrrp_garp_mister\n";
    }
    for (const std::string& text : {noise, lines, unknown, std::string(2'000'000, '{'), std::string(2'000'000, '"'),
                                    "global_defs " + std::string(1'000, '{') + std::string(1'000'000, '\n')}) {
        const Outcome outcome = test::test_text(text);
        CHECK(outcome.test_status == 5);
        CHECK(outcome.diagnostics.size() <= 1000);
        for (const Diagnostic& diagnostic : outcome.diagnostics) {
            const std::string shown = to_text(diagnostic);
            REQUIRE(shown.size() < 4096);
            REQUIRE(shown.find('\x1b') == std::string::npos);
            REQUIRE(shown.find('\0') == std::string::npos);
        }
    }
}
