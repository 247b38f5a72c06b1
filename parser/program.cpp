// What the machine knows of users and of the programs of script lines.
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "parser/environment.hpp"

namespace sustain::parser {

namespace {

using Finding = Program::Finding;

/// getpwnam_r(3) and its like with a buffer that grows as they need it.
template <typename Entry, typename Lookup>
bool look_up(Lookup lookup, Entry& entry, std::vector<char>& buffer) {
    constexpr std::size_t kMost = 1 << 20;
    buffer.resize(1024);
    Entry* found = nullptr;
    int error = 0;
    while ((error = lookup(&entry, buffer.data(), buffer.size(), &found)) == ERANGE && buffer.size() < kMost) {
        buffer.resize(buffer.size() * 2);
    }
    return error == 0 && found != nullptr;
}

bool in_group(const core::Account& account, gid_t group) {
    return account.gid == group || std::ranges::find(account.groups, group) != account.groups.end();
}

/// Whether the account may execute a file or enter a folder, as far as the mode says.
bool may_execute(const struct stat& file, const core::Account& account) {
    if (account.uid == 0) {
        return S_ISDIR(file.st_mode) || (file.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
    }
    return (file.st_mode & (file.st_uid == account.uid       ? S_IXUSR
                            : in_group(account, file.st_gid) ? S_IXGRP
                                                             : S_IXOTH)) != 0;
}

/// Whether others than root can change what the name stands for.
bool changeable(const struct stat& file) {
    if (file.st_uid != 0) {
        return true;
    }
    if (S_ISLNK(file.st_mode) || (S_ISDIR(file.st_mode) && (file.st_mode & S_ISVTX) != 0)) {
        return false;
    }
    return (file.st_mode & S_IWOTH) != 0 || ((file.st_mode & S_IWGRP) != 0 && file.st_gid != 0);
}

/// Calls with each leading part of an absolute path, from "/" on, and whether it is the whole; until that says no.
template <typename Visit>
void walk(const std::string& path, Visit visit) {
    if (!visit("/", false)) {
        return;
    }
    for (std::size_t end = 0; end < path.size();) {
        const std::size_t begin = path.find_first_not_of('/', end);
        if (begin == std::string::npos) {
            return;
        }
        end = std::min(path.find('/', begin), path.size());
        if (!visit(path.substr(0, end), end == path.size())) {
            return;
        }
    }
}

std::string absolute(const std::string& name) {
    if (name.starts_with('/')) {
        return name;
    }
    const std::unique_ptr<char, decltype(&std::free)> folder(getcwd(nullptr, 0), &std::free);
    return (folder ? std::string(folder.get()) : std::string()) + '/' + name;
}

/// Empty: it is nowhere.
std::string search_path(const std::string& name, const core::Account& account) {
    const char* const variable = std::getenv("PATH");
    std::string_view folders = variable != nullptr ? variable : "/bin:/usr/bin";
    while (true) {
        const auto colon = folders.find(':');
        const std::string_view folder = folders.substr(0, colon);
        const std::string candidate = folder.empty() ? name : fmt::format("{}/{}", folder, name);
        struct stat file {};
        if (stat(candidate.c_str(), &file) == 0 && S_ISREG(file.st_mode) && may_execute(file, account)) {
            return absolute(candidate);
        }
        if (colon == std::string_view::npos) {
            return {};
        }
        folders.remove_prefix(colon + 1);
    }
}

/// Whether the account can pass all folders on the way.
bool reachable(const std::string& path, const core::Account& account) {
    bool reached = true;
    walk(path, [&](const std::string& part, bool last) {
        struct stat folder {};
        reached = last || (stat(part.c_str(), &folder) == 0 && may_execute(folder, account));
        return reached;
    });
    return reached;
}

/// What a walk along the path finds, for a program that has root's rights. As written, no folder may be a link.
Finding safety(const std::string& path) {
    Finding finding = Finding::fine;
    walk(path, [&](const std::string& part, bool last) {
        struct stat file {};
        if (lstat(part.c_str(), &file) != 0) {
            finding = Finding::not_found;
        } else if (last ? !S_ISREG(file.st_mode) && !S_ISLNK(file.st_mode) : !S_ISDIR(file.st_mode)) {
            finding = Finding::wrong_type;
        } else if (changeable(file)) {
            finding = Finding::insecure;
            return true;  // there may be worse to come
        }
        return finding == Finding::fine || finding == Finding::insecure;
    });
    return finding;
}

}  // namespace

std::optional<core::Account> SystemEnvironment::user(const std::string& name) const {
    passwd entry{};
    std::vector<char> buffer;
    if (!look_up([&](auto... rest) { return getpwnam_r(name.c_str(), rest...); }, entry, buffer)) {
        return std::nullopt;
    }
    core::Account account{.uid = entry.pw_uid, .gid = entry.pw_gid, .groups = {}};
    int count = 0;
    getgrouplist(name.c_str(), entry.pw_gid, nullptr, &count);
    account.groups.resize(static_cast<std::size_t>(std::max(count, 0)));
    if (count <= 0 || getgrouplist(name.c_str(), entry.pw_gid, account.groups.data(), &count) < 0) {
        account.groups.clear();
    }
    return account;
}

std::optional<gid_t> SystemEnvironment::group(const std::string& name) const {
    ::group entry{};
    std::vector<char> buffer;
    if (!look_up([&](auto... rest) { return getgrnam_r(name.c_str(), rest...); }, entry, buffer)) {
        return std::nullopt;
    }
    return entry.gr_gid;
}

core::Account SystemEnvironment::own_account() const {
    return {.uid = geteuid(), .gid = getegid(), .groups = {}};
}

Program SystemEnvironment::program(const std::string& name, const core::Account& account) const {
    const auto found = [&](Finding finding, std::string path, std::string reason) {
        return Program{.finding = finding, .path = std::move(path), .reason = std::move(reason)};
    };
    const bool searched = name.find('/') == std::string::npos;
    const std::string written = searched ? search_path(name, account) : absolute(name);
    if (written.empty()) {
        return found(Finding::not_found, {}, fmt::format("Cannot find script {} in path - disabling", name));
    }
    const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(written.c_str(), nullptr), &std::free);
    if (!resolved || !reachable(written, account) || !reachable(resolved.get(), account)) {
        const std::string why = resolved ? "Permission denied" : std::strerror(errno);
        return found(Finding::not_found, {}, fmt::format("Script {} cannot be accessed - {}", name, why));
    }
    std::string path = resolved.get();
    struct stat file {};
    if (stat(path.c_str(), &file) != 0) {
        return found(Finding::not_found, {}, fmt::format("Script {} cannot be accessed", name));
    }
    if (!S_ISREG(file.st_mode)) {
        return found(Finding::wrong_type, path, fmt::format("Wrong file type found in script path '{}'.", name));
    }
    if (!may_execute(file, account)) {
        return found(Finding::not_executable, path,
                     fmt::format("WARNING - script '{}' is not executable for uid:gid {}:{} - disabling.", name,
                                 account.uid, account.gid));
    }
    const bool set_id_root =
        ((file.st_mode & S_ISUID) != 0 && file.st_uid == 0) || ((file.st_mode & S_ISGID) != 0 && file.st_gid == 0);
    if (account.uid != 0 && account.gid != 0 && !set_id_root) {
        return found(Finding::fine, std::move(path), {});
    }
    const Finding as_written = safety(written);
    const Finding as_resolved = safety(path);
    for (const Finding finding : {as_written, as_resolved}) {
        if (finding == Finding::wrong_type || finding == Finding::not_found) {
            return found(finding, std::move(path), fmt::format("Wrong file type found in script path '{}'.", name));
        }
    }
    if (as_written == Finding::insecure || as_resolved == Finding::insecure) {
        return found(Finding::insecure, std::move(path), fmt::format("Unsafe permissions found for script '{}'", name));
    }
    return found(Finding::fine, std::move(path), {});
}

}  // namespace sustain::parser
