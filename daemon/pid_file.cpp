#include "daemon/pid_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace sustain::daemon {

core::Result<PidFile> PidFile::lock(std::string path) {
    core::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0644));
    if (!file) {
        return core::failure(fmt::format("opening pid file {}", path), errno);
    }
    // An open-file-description lock is inherited by a forked child with the descriptor, so the file of a child stays
    // locked while that child lives, even without its parent.
    struct flock whole_file {};
    whole_file.l_type = F_WRLCK;
    whole_file.l_whence = SEEK_SET;
    if (::fcntl(file.get(), F_OFD_SETLK, &whole_file) != 0) {
        return std::unexpected(core::Error{fmt::format("Another process has pid file {} locked", path), EAGAIN});
    }
    struct stat status {};
    if (::fstat(file.get(), &status) == 0 && status.st_nlink == 0) {
        return lock(std::move(path));  // its last owner removed it between our open and our lock
    }
    if (::ftruncate(file.get(), 0) != 0 || ::fchmod(file.get(), 0644) != 0) {
        return core::failure(fmt::format("preparing pid file {}", path), errno);
    }
    return PidFile(std::move(path), std::move(file));
}

core::Result<> PidFile::write(pid_t pid) {
    const std::string text = fmt::format("{}\n", pid);
    if (::ftruncate(file_.get(), 0) != 0 ||
        ::pwrite(file_.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        return core::failure(fmt::format("writing pid file {}", path_), errno);
    }
    return {};
}

void PidFile::remove() {
    ::unlink(path_.c_str());
}

}  // namespace sustain::daemon
