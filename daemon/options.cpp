#include "daemon/options.hpp"

#include <fmt/format.h>
#include <getopt.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "daemon/about.hpp"
#include "daemon/paths.hpp"
#include "parser/keyword_json.hpp"
#include "tools/genhash/genhash.hpp"

namespace sustain::daemon {

namespace {

// Long options without a short form get numbers that no character has.
enum : int { kAll = 256, kSignum, kIgnoreSigint, kConfigFd, kEnvironment, kExplain, kDumpKeywords };

constexpr auto kShortOptions = ":f:PCBlDS:g::Gu:XVIRndp:r:c:b:axA:s:mM::ei:t::Tvh";

const option kLongOptions[] = {
    {"use-file", required_argument, nullptr, 'f'},
    {"vrrp", no_argument, nullptr, 'P'},
    {"check", no_argument, nullptr, 'C'},
    {"no_bfd", no_argument, nullptr, 'B'},
    {"all", no_argument, nullptr, kAll},
    {"log-console", no_argument, nullptr, 'l'},
    {"log-detail", no_argument, nullptr, 'D'},
    {"log-facility", required_argument, nullptr, 'S'},
    {"log-file", optional_argument, nullptr, 'g'},
    {"no-syslog", no_argument, nullptr, 'G'},
    {"umask", required_argument, nullptr, 'u'},
    {"release-vips", no_argument, nullptr, 'X'},
    {"dont-release-vrrp", no_argument, nullptr, 'V'},
    {"dont-release-ipvs", no_argument, nullptr, 'I'},
    {"dont-respawn", no_argument, nullptr, 'R'},
    {"dont-fork", no_argument, nullptr, 'n'},
    {"dump-conf", no_argument, nullptr, 'd'},
    // What has long been enough of it; since there is dump-keywords it would not be.
    {"du", no_argument, nullptr, 'd'},
    {"dum", no_argument, nullptr, 'd'},
    {"dump", no_argument, nullptr, 'd'},
    {"dump-", no_argument, nullptr, 'd'},
    {"pid", required_argument, nullptr, 'p'},
    {"vrrp_pid", required_argument, nullptr, 'r'},
    {"checkers_pid", required_argument, nullptr, 'c'},
    {"bfd_pid", required_argument, nullptr, 'b'},
    {"address-monitoring", no_argument, nullptr, 'a'},
    {"snmp", no_argument, nullptr, 'x'},
    {"snmp-agent-socket", required_argument, nullptr, 'A'},
    {"namespace", required_argument, nullptr, 's'},
    {"core-dump", no_argument, nullptr, 'm'},
    {"core-dump-pattern", optional_argument, nullptr, 'M'},
    {"all-config", no_argument, nullptr, 'e'},
    {"config-id", required_argument, nullptr, 'i'},
    {"signum", required_argument, nullptr, kSignum},
    {"config-test", optional_argument, nullptr, 't'},
    {"environment", required_argument, nullptr, kEnvironment},
    {"explain", optional_argument, nullptr, kExplain},
    {"dump-keywords", required_argument, nullptr, kDumpKeywords},
    {"config-fd", required_argument, nullptr, kConfigFd},
    {"ignore-sigint", no_argument, nullptr, kIgnoreSigint},
    {"genhash", no_argument, nullptr, 'T'},
    {"version", no_argument, nullptr, 'v'},
    {"help", no_argument, nullptr, 'h'},
    {nullptr, 0, nullptr, 0},
};

std::string default_config_id() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) {
        return {};
    }
    const std::string_view full(name.data());
    return std::string(full.substr(0, full.find('.')));
}

std::optional<int> facility(std::string_view word) {
    constexpr std::array kLocal{LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3,
                                LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7};
    if (word == "user") {
        return LOG_USER;
    }
    if (word == "daemon") {
        return LOG_DAEMON;
    }
    if (word.starts_with("local")) {
        word.remove_prefix(5);
    }
    if (word.size() == 1 && word[0] >= '0' && word[0] <= '7') {
        return kLocal[static_cast<std::size_t>(word[0] - '0')];
    }
    return std::nullopt;
}

/// C number prefixes: 022, 0x12, 18; at most 0777.
std::optional<mode_t> mask(const char* word) {
    char* end = nullptr;
    errno = 0;
    const unsigned long value = std::strtoul(word, &end, 0);
    if (word[0] < '0' || word[0] > '9' || *end != '\0' || errno != 0 || value > 0777) {
        return std::nullopt;
    }
    return static_cast<mode_t>(value);
}

/// The numbers of real-time signals depend on the C library, so they are computed (spec/cli.md section 6).
std::optional<int> signal_of(std::string_view function) {
    if (function == "STOP") {
        return SIGTERM;
    }
    if (function == "RELOAD") {
        return SIGHUP;
    }
    if (function == "DATA") {
        return SIGUSR1;
    }
    if (function == "STATS") {
        return SIGUSR2;
    }
    if (function == "STATS_CLEAR") {
        return SIGRTMAX - 1;
    }
    if (function == "JSON") {
        return SIGRTMIN + 2;
    }
    return std::nullopt;
}

std::string name_of(int code) {
    for (const option* candidate = kLongOptions; candidate->name != nullptr; ++candidate) {
        if (candidate->val == code) {
            return code < 256 ? fmt::format("-{} (--{})", static_cast<char>(code), candidate->name)
                              : fmt::format("--{}", candidate->name);
        }
    }
    return "?";
}

/// The option as the user wrote it, for messages about it. `optopt` is 0 for an unknown long option.
std::string written(char* const argv[]) {
    if (optopt > 0 && optopt < 256 && std::string_view(argv[optind - 1]).substr(0, 2) != "--") {
        return fmt::format("-{}", static_cast<char>(optopt));
    }
    const std::string_view word(argv[optind - 1]);
    return std::string(word.substr(0, word.find('=')));
}

class Parser {
public:
    Parser(int argc, char* const argv[]) : argc_(argc), argv_(argv) {
        options_.config_file = kDefaultConfigFile;
        options_.pid_file = kDefaultPidFile;
        options_.vrrp_pid_file = kDefaultVrrpPidFile;
        options_.checker_pid_file = kDefaultCheckerPidFile;
        options_.config_id = default_config_id();
    }

    CommandLine parse() {
        opterr = 0;
        optind = 0;  // glibc: forget what an earlier call may have left unread
        for (int code = 0; (code = ::getopt_long(argc_, argv_, kShortOptions, kLongOptions, nullptr)) != -1;) {
            if (optarg != nullptr && *optarg == '\0' && needs_text(code)) {
                missing(written(argv_));
                continue;
            }
            if (const auto status = take(code)) {
                return {std::move(options_), status};
            }
        }
        if (optind < argc_) {
            std::string operands;
            for (int i = optind; i < argc_; ++i) {
                operands += fmt::format("{} ", argv_[i]);
            }
            std::printf("Unexpected argument(s): %s\n", operands.c_str());
        }
        return {std::move(options_), failed_ ? std::optional(1) : std::nullopt};
    }

private:
    /// An empty argument given with "=" counts as missing; `-i ''` selects the empty id.
    [[nodiscard]] bool needs_text(int code) const {
        return code != 'i' || std::string_view(argv_[optind - 1]).starts_with("--");
    }

    void missing(const std::string& option) {
        fmt::print(stderr, "Missing parameter for option {}\n", option);
        failed_ = true;
    }

    std::optional<int> take(int code) {
        switch (code) {
            case 'f': options_.config_file = optarg; break;
            case 'P': options_.parts.checker = false; break;
            case 'C': options_.parts.vrrp = false; break;
            case kAll: options_.parts = {.vrrp = true, .checker = true, .always = true}; break;
            case 'l': options_.log_to_console = true; break;
            case 'D': ++options_.log_detail; break;
            case 'S': set_facility(); break;
            case 'G': options_.log_to_syslog = false; break;
            case 'u': set_umask(); break;
            case 'V': options_.release_vrrp = false; break;
            case 'I': options_.release_ipvs = false; break;
            case 'R': options_.respawn = false; break;
            case 'n': options_.foreground = true; break;
            case 'd': options_.dump_config = true; break;
            case 'p': options_.pid_file = optarg; break;
            case 'r': options_.vrrp_pid_file = optarg; break;
            case 'c': options_.checker_pid_file = optarg; break;
            case 'e': options_.all_config_required = true; break;
            case 'i': options_.config_id = optarg; break;
            case 't':
                options_.config_test = true;
                options_.config_test_log = optarg != nullptr ? optarg : "";
                break;
            case kEnvironment: set_environment(optarg); break;
            case kExplain: set_explain(optarg != nullptr ? optarg : ""); break;
            case kDumpKeywords: return dump_keywords(optarg);
            case kIgnoreSigint: options_.ignore_sigint = true; break;
            case kSignum: return print_signum(optarg);
            case 'T': return run_genhash();
            case 'v': fmt::print(stderr, "{}", version_text()); return 0;
            case 'h': fmt::print(stderr, "{}", usage_text(argv_[0])); return 0;
            case '?':
                fmt::print(stderr, "Unknown option {}\n", written(argv_));
                failed_ = true;
                break;
            case ':': missing(written(argv_)); break;
            default: options_.not_supported_yet.push_back(name_of(code));
        }
        return std::nullopt;
    }

    void set_facility() {
        if (const auto value = facility(optarg)) {
            options_.log_facility = *value;
        } else {
            fmt::print(stderr, "Invalid log facility '{}'\n", optarg);
        }
    }

    void set_umask() {
        if (const auto value = mask(optarg)) {
            options_.umask = *value;
        } else {
            fmt::print(stderr, "Invalid --umask option {}\n", optarg);
        }
    }

    void set_environment(std::string_view word) {
        if (word == "ignore" || word == "check") {
            options_.ignore_environment = word == "ignore";
        } else {
            invalid("environment", word);
        }
    }

    /// Words separated by commas.
    void set_explain(std::string_view words) {
        options_.config_test = true;
        parser::ExplainOptions explain;
        while (!words.empty()) {
            const std::string_view word = words.substr(0, words.find(','));
            words.remove_prefix(std::min(word.size() + 1, words.size()));
            if (word == "secrets") {
                explain.secrets = true;
            } else if (word == "plain") {
                explain.origins = false;
            } else {
                invalid("explain", word);
            }
        }
        options_.explain = explain;
    }

    /// What follows is genhash's command line. Options before it would have been keepalived's.
    [[nodiscard]] int run_genhash() const {
        if (optind > 2) {
            fmt::print(stderr, "Warning: --genhash is not the first option: those before it are ignored\n");
        }
        return genhash::run(
            {.program = fmt::format("{} --genhash", argv_[0]), .words = {argv_ + optind, argv_ + argc_}});
    }

    int dump_keywords(std::string_view format) {
        if (format != "json") {
            invalid("dump-keywords", format);
            return 1;
        }
        fmt::print("{}", parser::keywords_as_json());
        return 0;
    }

    /// What is ours alone cannot be mistaken for something of keepalived's: a wrong word is an error.
    void invalid(std::string_view option, std::string_view word) {
        fmt::print(stderr, "Invalid --{} option '{}'\n", option, word);
        failed_ = true;
    }

    static int print_signum(std::string_view function) {
        if (const auto number = signal_of(function)) {
            std::printf("%d\n", *number);
            return 0;
        }
        fmt::print(stderr, "Unknown sigfunc {}\n", function);
        return 1;
    }

    int argc_;
    char* const* argv_;
    Options options_;
    bool failed_ = false;
};

}  // namespace

CommandLine parse_command_line(int argc, char* const argv[]) {
    return Parser(argc, argv).parse();
}

}  // namespace sustain::daemon
