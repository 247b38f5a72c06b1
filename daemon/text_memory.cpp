#include "daemon/text_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace sustain::daemon {

namespace {

constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;

}  // namespace

core::Result<core::UniqueFd> make_text_memory(std::string_view text) {
    core::UniqueFd memory(::memfd_create("configuration", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory) {
        return core::failure("making memory for the configuration", errno);
    }
    while (!text.empty()) {
        const ssize_t written = ::write(memory.get(), text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return core::failure("writing the configuration to memory", errno);
        }
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    if (::fcntl(memory.get(), F_ADD_SEALS, kSeals) != 0) {
        return core::failure("sealing the configuration in memory", errno);
    }
    return memory;
}

core::Result<std::string> read_text_memory(const core::UniqueFd& memory) {
    struct stat status {};
    if ((::fcntl(memory.get(), F_GET_SEALS) & kSeals) != kSeals || ::fstat(memory.get(), &status) != 0) {
        return core::failure("reading the configuration from memory", EINVAL);
    }
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t count = ::pread(memory.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
        if (count == 0 || (count < 0 && errno != EINTR)) {
            return core::failure("reading the configuration from memory", count == 0 ? EIO : errno);
        }
        done += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return text;
}

}  // namespace sustain::daemon
