// FILE_CHECK: the number in a file changes the weight of the real server, or makes it fail (spec/lvs.md 5.12). There is
// no timetable: the file is watched.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "checker/config.hpp"
#include "checker/outcome.hpp"
#include "core/file_watcher.hpp"

namespace sustain::checker {

/// What this number amounts to.
[[nodiscard]] Attempt judge(const FileCheck& check, std::int32_t number);

/// Watches the files of all FILE_CHECKs of a configuration, each once.
class FileChecks {
public:
    /// Told the number of a check and its result, whenever the file may have changed.
    using Report = std::function<void(std::uint32_t check, const Attempt& attempt)>;

    FileChecks(core::Loop& loop, Report report) : loop_(loop), report_(std::move(report)) {}

    /// Forgets what was watched. The first results come at once. The configuration must outlive the next start().
    void start(const Config& config);

private:
    void take(const std::string& path, const std::string& text);

    core::Loop& loop_;
    Report report_;
    const Config* config_ = nullptr;
    std::unordered_map<std::string, std::vector<std::uint32_t>> checks_;  ///< by path
    std::optional<core::FileWatcher> watcher_;                            ///< only if there is something to watch
};

}  // namespace sustain::checker
