// The command line (spec/cli.md section 2), parsed completely before anything else happens.
#pragma once

#include <sys/types.h>
#include <syslog.h>

#include <optional>
#include <string>
#include <vector>

#include "parser/explain.hpp"

namespace sustain::daemon {

/// Of all processes from the first moment on, unless -u or the configuration says otherwise.
constexpr mode_t kUsualUmask = 0177;

/// -P, -C and --all: which children may run. Later options win over earlier ones.
struct Parts {
    bool vrrp = true;
    bool checker = true;
    bool always = false;  ///< --all: also a child that has no configuration
};

struct Options {
    std::string config_file;
    std::string config_id;  ///< -i, by default the host name up to its first dot
    bool all_config_required = false;
    Parts parts;

    bool foreground = false;
    bool log_to_console = false;
    bool log_to_syslog = true;
    int log_detail = 0;
    int log_facility = LOG_DAEMON;
    bool dump_config = false;
    std::optional<mode_t> umask;  ///< -u
    bool ignore_sigint = false;

    bool respawn = true;
    bool release_vrrp = true;
    bool release_ipvs = true;

    std::string pid_file;
    std::string vrrp_pid_file;
    std::string checker_pid_file;

    bool config_test = false;
    std::string config_test_log;      ///< empty: standard error
    bool ignore_environment = false;  ///< --environment=ignore: a test of the configuration alone, for any machine
    std::optional<parser::ExplainOptions> explain;  ///< --explain: print the configuration as it is understood

    std::vector<std::string> not_supported_yet;  ///< options of keepalived that do nothing here, for the log
};

/// Either the options to run with, or the status to exit with at once: 0 after -v, -h and --signum, 1 after an error
/// on the command line. What is to be said about it has then been written to standard error.
struct CommandLine {
    Options options;
    std::optional<int> exit_status;
};

[[nodiscard]] CommandLine parse_command_line(int argc, char* const argv[]);

}  // namespace sustain::daemon
