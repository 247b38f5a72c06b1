#include "parser/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/unique_fd.hpp"

namespace sustain::parser {

core::Result<KeyFile> read_key_file(const std::string& path) {
    constexpr std::size_t kLargest = 1024;
    const std::string attempt = "reading key file " + path;
    // Nobody may be at the other end of a FIFO.
    const core::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status {};
    if (!file || fstat(file.get(), &status) != 0) {
        return core::failure(attempt, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return std::unexpected(core::Error{attempt + ": not a regular file"});
    }
    std::array<char, kLargest + 1> buffer{};
    const ssize_t size = read(file.get(), buffer.data(), buffer.size());
    if (size < 0) {
        return core::failure(attempt, errno);
    }
    std::string text(buffer.data(), static_cast<std::size_t>(size));
    explicit_bzero(buffer.data(), buffer.size());
    if (text.size() > kLargest) {
        return std::unexpected(core::Error{attempt + ": too large for a key"});
    }
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    return KeyFile{core::Secret(std::move(text)), (status.st_mode & (S_IRGRP | S_IROTH)) != 0};
}

}  // namespace sustain::parser
