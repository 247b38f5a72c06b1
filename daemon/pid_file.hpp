// A pid file that is locked for as long as its process lives (spec/cli.md section 10). The lock, not the content, says
// whether a daemon is running: a file that a killed daemon left behind is no obstacle.
#pragma once

#include <sys/types.h>

#include <string>

#include "core/error.hpp"
#include "core/unique_fd.hpp"

namespace sustain::daemon {

class PidFile {
public:
    /// Creates or takes over `path` (never through a symbolic link), empties and locks it. EAGAIN as the code of the
    /// error says that another process holds it.
    [[nodiscard]] static core::Result<PidFile> lock(std::string path);

    PidFile(PidFile&&) = default;
    PidFile& operator=(PidFile&&) = default;

    /// Writes "PID\n". The file is readable for all, whatever the umask.
    [[nodiscard]] core::Result<> write(pid_t pid);
    /// Removes the file. The lock goes with the object.
    void remove();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] int descriptor() const { return file_.get(); }

private:
    PidFile(std::string path, core::UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}

    std::string path_;
    core::UniqueFd file_;
};

}  // namespace sustain::daemon
