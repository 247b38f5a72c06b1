// What the machine says of names of hosts, of files and of folders.
#include <fcntl.h>
#include <linux/magic.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "parser/environment.hpp"

namespace sustain::parser {

namespace {

/// File systems whose files change without a word to inotify(7), or on other machines.
constexpr std::array<unsigned long, 10> kSilent = {
    PROC_SUPER_MAGIC, SYSFS_MAGIC,      CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, FUSE_SUPER_MAGIC,
    NFS_SUPER_MAGIC,  SMB2_SUPER_MAGIC, CIFS_SUPER_MAGIC,   DEBUGFS_MAGIC,       TRACEFS_MAGIC,
};

}  // namespace

bool SystemEnvironment::resolves(const std::string& host) const {
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, nullptr, &found) != 0) {
        return false;
    }
    freeaddrinfo(found);
    return true;
}

unsigned SystemEnvironment::processors() const {
    return static_cast<unsigned>(std::max(sysconf(_SC_NPROCESSORS_ONLN), 1L));
}

bool SystemEnvironment::can_write(const std::string& path) const {
    return access(path.c_str(), W_OK) == 0;
}

std::string SystemEnvironment::why_no_folder(const std::string& path) const {
    struct stat file {};
    if (stat(path.c_str(), &file) == 0) {
        return S_ISDIR(file.st_mode) ? std::string() : "exists and is not a directory";
    }
    const auto end = path.find_last_not_of('/');
    const auto slash = path.find_last_of('/', end);
    const std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    if (stat(parent.c_str(), &file) != 0 || !S_ISDIR(file.st_mode)) {
        return "unable to create it: there is no folder " + parent;
    }
    return access(parent.c_str(), W_OK) == 0 ? std::string() : "unable to create it: no write access to " + parent;
}

std::string SystemEnvironment::why_not_watchable(const std::string& folder) const {
    struct stat file {};
    if (stat(folder.c_str(), &file) != 0 || !S_ISDIR(file.st_mode)) {
        return "there is no folder " + folder;
    }
    struct statfs system {};
    if (statfs(folder.c_str(), &system) != 0) {
        return {};
    }
    if (std::ranges::find(kSilent, static_cast<unsigned long>(system.f_type)) != kSilent.end()) {
        return "the file system of " + folder + " does not report changes";
    }
    return (system.f_flags & ST_RDONLY) != 0 ? "the file system of " + folder + " is read-only" : std::string();
}

bool SystemEnvironment::is_special_file(const std::string& path) const {
    struct stat file {};
    return stat(path.c_str(), &file) == 0 && !S_ISREG(file.st_mode);
}

bool SystemEnvironment::has_namespace(const std::string& name) const {
    return access(("/run/netns/" + name).c_str(), F_OK) == 0;
}

}  // namespace sustain::parser
