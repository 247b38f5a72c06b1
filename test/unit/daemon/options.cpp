#include "daemon/options.hpp"

#include <catch2/catch.hpp>

using sustain::daemon::CommandLine;
using sustain::daemon::parse_command_line;

namespace {

CommandLine parse(std::vector<std::string> words) {
    words.insert(words.begin(), "keepalived");
    std::vector<char*> argv;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    return parse_command_line(static_cast<int>(words.size()), argv.data());
}

}  // namespace

TEST_CASE("without options everything is as keepalived has it") {
    const auto [options, status] = parse({});
    CHECK_FALSE(status);
    CHECK(options.config_file == "/etc/keepalived/keepalived.conf");
    CHECK(options.pid_file == "/run/keepalived.pid");
    CHECK(options.vrrp_pid_file == "/run/vrrp.pid");
    CHECK(options.checker_pid_file == "/run/checkers.pid");
    CHECK(options.parts.vrrp);
    CHECK(options.parts.checker);
    CHECK_FALSE(options.foreground);
    CHECK(options.log_to_syslog);
    CHECK(options.log_facility == LOG_DAEMON);
    CHECK(options.respawn);
    CHECK(options.release_vrrp);
    CHECK(options.release_ipvs);
    CHECK_FALSE(options.umask);
    CHECK_FALSE(options.config_id.empty());
    CHECK(options.config_id.find('.') == std::string::npos);
}

TEST_CASE("short options, in clusters and with attached arguments") {
    const auto [options, status] = parse({"-nlDDGVIRd", "-f/etc/x.conf", "-p", "/run/p", "-r", "/run/r", "-c", "/run/c",
                                          "-S", "3", "-u", "022", "-i", ""});
    CHECK_FALSE(status);
    CHECK(options.foreground);
    CHECK(options.log_to_console);
    CHECK(options.log_detail == 2);
    CHECK_FALSE(options.log_to_syslog);
    CHECK_FALSE(options.release_vrrp);
    CHECK_FALSE(options.release_ipvs);
    CHECK_FALSE(options.respawn);
    CHECK(options.dump_config);
    CHECK(options.config_file == "/etc/x.conf");
    CHECK(options.pid_file == "/run/p");
    CHECK(options.vrrp_pid_file == "/run/r");
    CHECK(options.checker_pid_file == "/run/c");
    CHECK(options.log_facility == LOG_LOCAL3);
    CHECK(options.umask == 022);
    CHECK(options.config_id.empty());
}

TEST_CASE("long options, shortened where that is unambiguous") {
    const auto [options, status] =
        parse({"--dont-fork", "--use-file=/x", "--log-facility", "user", "--config-t=/log", "--all-config"});
    CHECK_FALSE(status);
    CHECK(options.foreground);
    CHECK(options.config_file == "/x");
    CHECK(options.log_facility == LOG_USER);
    CHECK(options.config_test);
    CHECK(options.config_test_log == "/log");
    CHECK(options.all_config_required);
}

TEST_CASE("-P, -C and --all: what comes later wins") {
    CHECK_FALSE(parse({"-P"}).options.parts.checker);
    CHECK_FALSE(parse({"-C"}).options.parts.vrrp);
    const auto all = parse({"-P", "--all"}).options.parts;
    CHECK((all.checker && all.vrrp && all.always));
    CHECK_FALSE(parse({"--all", "-C"}).options.parts.vrrp);
}

TEST_CASE("errors end with status 1, but only after the whole line was read") {
    CHECK(parse({"-Q"}).exit_status == 1);
    CHECK(parse({"--bogus"}).exit_status == 1);
    CHECK(parse({"-f"}).exit_status == 1);
    CHECK(parse({"--use-file="}).exit_status == 1);
    CHECK(parse({"--config-id="}).exit_status == 1);
    CHECK(parse({"--dont-re"}).exit_status == 1);  // ambiguous
    CHECK(parse({"--bogus", "-v"}).exit_status == 0);
    CHECK(parse({"-hQ"}).exit_status == 0);
    CHECK(parse({"--signum=RELOAD"}).exit_status == 0);
    CHECK(parse({"--signum=reload"}).exit_status == 1);
}

TEST_CASE("bad values that the reference only mentions do not end the start") {
    const auto [options, status] = parse({"-S", "9", "-u", "01000", "stray"});
    CHECK_FALSE(status);
    CHECK(options.log_facility == LOG_DAEMON);
    CHECK_FALSE(options.umask);
}

TEST_CASE("options that do nothing yet are remembered for the log") {
    const auto [options, status] = parse({"-x", "--address-monitoring", "-M"});
    CHECK_FALSE(status);
    CHECK(options.not_supported_yet ==
          std::vector<std::string>{"-x (--snmp)", "-a (--address-monitoring)", "-M (--core-dump-pattern)"});
}

TEST_CASE("what is ours alone") {
    const auto parts = parse({"-t", "--environment=ignore", "--explain"}).options;
    CHECK(parts.config_test);
    CHECK(parts.ignore_environment);
    REQUIRE(parts.explain.has_value());
    CHECK((parts.explain->origins && !parts.explain->secrets));
    const auto explain = parse({"--explain=secrets,plain"}).options;
    CHECK(explain.config_test);  // nothing is started by a slip
    CHECK((!explain.explain->origins && explain.explain->secrets));
    CHECK_FALSE(parse({"-t", "--environment=ignore", "--environment=check"}).options.ignore_environment);
    for (const char* wrong : {"--environment=no", "--explain=everything", "--dump-keywords=xml", "--dump-keywords"}) {
        CHECK(parse({wrong}).exit_status == 1);
    }
}

TEST_CASE("options of ours take no abbreviation away") {
    for (const char* shortened : {"--du", "--dum", "--dump", "--dump-", "--dump-c"}) {
        const auto [options, status] = parse({shortened});
        CHECK_FALSE(status);
        CHECK(options.dump_config);
    }
}
