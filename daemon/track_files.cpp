#include "daemon/track_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/log.hpp"
#include "core/unique_fd.hpp"

namespace sustain::daemon {

namespace {

constexpr mode_t kMode = 0644;  // less the umask

void write_first_number(const core::TrackFile& file) {
    const int base = O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
    core::UniqueFd fd(::open(file.path.c_str(), base | O_CREAT | O_EXCL, kMode));
    if (!fd && errno == EEXIST) {
        if (!file.overwrite) {
            return;
        }
        fd.reset(::open(file.path.c_str(), base));
    }
    struct stat status {};
    int error = fd && ::fstat(fd.get(), &status) == 0 ? 0 : errno;
    if (error == 0) {
        const std::string text = fmt::format("{}\n", *file.init);
        if (!S_ISREG(status.st_mode)) {
            error = EINVAL;
        } else if (::ftruncate(fd.get(), 0) != 0 ||
                   ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
            error = errno;
        }
    }
    if (error != 0) {
        core::log::warning("track_file {}: {} does not get its first number: {}", file.name, file.path,
                           std::strerror(error));
    }
}

}  // namespace

void write_first_numbers(const std::vector<core::TrackFile>& files) {
    for (const core::TrackFile& file : files) {
        if (file.init) {
            write_first_number(file);
        }
    }
}

}  // namespace sustain::daemon
