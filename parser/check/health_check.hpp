// A health check as the checker child wants it: what is written at the check, at its real server and at the virtual
// server, and what counts where nothing is.
#pragma once

#include <string>
#include <vector>

#include "checker/config.hpp"
#include "ipvs/config.hpp"
#include "parser/context.hpp"

namespace sustain::parser {

/// The real server whose checks are wanted.
struct CheckedServer {
    RealServerDraft& draft;
    std::string name;  ///< for the log
    const VirtualServerDraft& virtual_server;
    const std::string& virtual_server_name;
};

/// Adds its checks to the configuration, defaults inherited (spec/lvs.md 2.1); the drafts are used up. Returns what the
/// parent needs to know of those that run.
[[nodiscard]] std::vector<ipvs::Check> add_checks(Context& context, const CheckedServer& server);

/// After the scripts have been examined: a MISC_CHECK whose script cannot be run goes (spec/lvs.md 3.4). It keeps its
/// number, without a script: a child that sees less of the file system than the parent must not count otherwise.
void drop_checks_without_script(checker::Config& config, ipvs::Config& servers);

/// A FILE_CHECK gets the path and, where it has none, the weight of its track_file.
void settle_files(checker::Config& config, const std::vector<core::TrackFile>& files);

/// checker_log_all_failures
void log_all_failures(checker::Config& config);

}  // namespace sustain::parser
