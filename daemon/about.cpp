#include "daemon/about.hpp"

#include <fmt/format.h>
#include <linux/version.h>
#include <sys/utsname.h>

#include <fstream>

namespace sustain::daemon {

namespace {

constexpr std::string_view kRelease = "Keepalived v2.4.3 (11/22,2026)";

/// PRETTY_NAME of os-release, or nothing.
std::string distribution() {
    std::ifstream file("/etc/os-release");
    constexpr std::string_view kName = "PRETTY_NAME=";
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(kName)) {
            line.erase(0, kName.size());
            std::erase(line, '"');
            return line;
        }
    }
    return {};
}

}  // namespace

std::string_view release_line() {
    return kRelease;
}

std::string running_kernel() {
    utsname name{};
    ::uname(&name);
    return fmt::format("{} {} {}", name.sysname, name.release, name.version);
}

std::string built_for_kernel() {
    return fmt::format("{}.{}.{}", LINUX_VERSION_CODE >> 16, LINUX_VERSION_CODE >> 8 & 0xff, LINUX_VERSION_CODE & 0xff);
}

std::string version_text() {
    std::string text = fmt::format("{} Sustain " SUSTAIN_VERSION "\n\n", kRelease);
    text +=
        "Copyright(C) 2026 the Sustain authors, GPL-2.0-or-later. A replacement for keepalived, not made by its "
        "authors.\n\n";
    text += fmt::format("Built with kernel headers for Linux {}\n", built_for_kernel());
    text += fmt::format("Running on {}\n", running_kernel());
    if (const std::string name = distribution(); !name.empty()) {
        text += fmt::format("Distro: {}\n", name);
    }
    text += "\nconfigure options: \n\nConfig options:  LVS VRRP VRRP_AUTH INIT=systemd SYSTEMD_NOTIFY\n\n";
    text += "System options: \n";
    return text;
}

std::string usage_text(std::string_view program) {
    return fmt::format("Usage: {} [OPTION...]\n", program) +
           R"(  -f, --use-file=FILE          Configuration file to read
  -P, --vrrp                   Run without the checker process
  -C, --check                  Run without the VRRP process
      --all                    Start both processes even without configuration for them
  -l, --log-console            With -n: log to standard error too
  -D, --log-detail             Log more; twice: still more
  -S, --log-facility=([0-7]|local[0-7]|user|daemon)
                               Facility of the log lines in syslog
  -G, --no-syslog              Log nothing to syslog
  -u, --umask=MASK             File mode creation mask of all processes
  -V, --dont-release-vrrp      Leave virtual addresses in place at stop
  -I, --dont-release-ipvs      Leave the IPVS table in place at stop
  -R, --dont-respawn           Stop when a child process dies
  -n, --dont-fork              Stay in the foreground
  -d, --dump-conf              Write the configuration as understood to the log
  -p, --pid=FILE               Pid file of the parent process
  -r, --vrrp_pid=FILE          Pid file of the VRRP process
  -c, --checkers_pid=FILE      Pid file of the checker process
  -e, --all-config             A missing configuration or include file is an error
  -i, --config-id=ID           Read the configuration lines marked @ID
      --signum=WORD            Print the number of the signal for STOP, RELOAD, DATA, STATS, ...
  -t, --config-test[=FILE]     Test the configuration and exit; messages to FILE
      --environment=ignore     With -t: what only this machine lacks is no error
      --explain[=plain,secrets]
                               With -t: print the configuration as it is understood
      --dump-keywords=json     Print what the configuration language has
      --ignore-sigint          Do not stop on SIGINT
  -v, --version                Print the version
  -h, --help                   Print this text
)";
}

}  // namespace sustain::daemon
