#include "parser/source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/unique_fd.hpp"

namespace sustain::parser {

namespace {

constexpr off_t kMaxFileSize = off_t{1} << 30;

std::unexpected<Unreadable> unopened(int code) {
    return std::unexpected(Unreadable{Unreadable::Kind::unopened, std::strerror(code)});
}

std::expected<struct stat, Unreadable> regular(const struct stat& status) {
    if (S_ISDIR(status.st_mode)) {
        return std::unexpected(Unreadable{Unreadable::Kind::directory, {}});
    }
    if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0) {
        return std::unexpected(Unreadable{Unreadable::Kind::irregular, {}});
    }
    return status;
}

}  // namespace

std::expected<FileText, Unreadable> read_file(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        return unopened(errno);
    }
    if (const auto checked = regular(status); !checked) {  // before open(): opening a device may have effects
        return std::unexpected(checked.error());
    }
    const core::UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0 || fstat(file.get(), &status) != 0) {
        return unopened(errno);
    }
    if (const auto checked = regular(status); !checked) {
        return std::unexpected(checked.error());
    }
    if (status.st_size > kMaxFileSize) {
        return unopened(EFBIG);
    }
    FileText result{.text = {}, .device = status.st_dev, .inode = status.st_ino};
    std::size_t size = 0;
    for (ssize_t got = 1; got != 0;) {  // until the end, wherever that is by now: some files say size 0
        const std::size_t room = std::max<std::size_t>(static_cast<std::size_t>(status.st_size), size) - size + 1;
        result.text.resize_and_overwrite(size + room, [&](char* data, std::size_t) {
            do {
                got = read(file.get(), data + size, room);
            } while (got < 0 && errno == EINTR);
            return size + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        });
        size = result.text.size();
        if (got < 0) {
            return unopened(errno);
        }
        if (size > static_cast<std::size_t>(kMaxFileSize)) {
            return unopened(EFBIG);
        }
        if (got != 0 && static_cast<std::size_t>(got) < room) {
            break;
        }
    }
    return result;
}

}  // namespace sustain::parser
