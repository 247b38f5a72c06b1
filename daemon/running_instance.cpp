#include "daemon/running_instance.hpp"

#include <cerrno>
#include <thread>

#include "core/time.hpp"

namespace sustain::daemon {

namespace {

using namespace std::chrono_literals;

constexpr core::Duration kOrphansMayTake = 3s;
constexpr core::Duration kPause = 20ms;

/// Nothing is on an event loop yet, so sleeping holds up nobody.
core::Result<PidFile> lock_when_orphan_is_gone(const std::string& path) {
    const auto deadline = core::now() + kOrphansMayTake;
    for (;;) {
        auto file = PidFile::lock(path);
        if (file || file.error().code != EAGAIN || core::now() >= deadline) {
            return file;
        }
        std::this_thread::sleep_for(kPause);
    }
}

}  // namespace

core::Result<PidFiles> lock_pid_files(const Options& options, const parser::Config& config) {
    auto parent = PidFile::lock(options.pid_file);
    if (!parent) {
        return std::unexpected(parent.error());
    }
    PidFiles files{.parent = std::move(*parent), .vrrp = {}, .checker = {}};
    const auto add = [](bool wanted, const std::string& path, std::optional<PidFile>& place) -> core::Result<> {
        if (wanted) {
            auto file = lock_when_orphan_is_gone(path);
            if (!file) {
                return std::unexpected(file.error());
            }
            place = std::move(*file);
        }
        return {};
    };
    const Parts& parts = options.parts;
    if (auto done = add(parts.vrrp && (config.has_vrrp || parts.always), options.vrrp_pid_file, files.vrrp); !done) {
        return std::unexpected(done.error());
    }
    if (auto done = add(parts.checker && (config.has_checker || parts.always), options.checker_pid_file, files.checker);
        !done) {
        return std::unexpected(done.error());
    }
    return files;
}

}  // namespace sustain::daemon
