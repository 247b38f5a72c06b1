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

/// The folder on the way that the account cannot enter; empty: it can pass all of them.
std::string closed_folder(const std::string& path, const core::Account& account) {
    std::string closed;
    walk(path, [&](const std::string& part, bool last) {
        struct stat folder {};
        if (!last && stat(part.c_str(), &folder) == 0 && !may_execute(folder, account)) {
            closed = part;
        }
        return closed.empty();
    });
    return closed;
}

/// "/x is owned by 1000:1000 with mode 0755".
std::string describe(const std::string& path, const struct stat& file) {
    return fmt::format("{} is owned by {}:{} with mode {:04o}", path, file.st_uid, file.st_gid,
                       static_cast<unsigned>(file.st_mode) & 07777U);
}

std::string describe(const std::string& path) {
    struct stat file {};
    return lstat(path.c_str(), &file) == 0 ? describe(path, file) : fmt::format("{} is gone", path);
}

/// What makes a file that others can change safe.
std::string remedy(const std::string& path, const struct stat& file) {
    if (file.st_uid != 0) {
        return fmt::format("chown {}root {}", S_ISLNK(file.st_mode) ? "-h " : "", path);
    }
    const bool by_group = (file.st_mode & S_IWGRP) != 0 && file.st_gid != 0;
    return fmt::format("chmod {}{}-w {}", by_group ? "g" : "", (file.st_mode & S_IWOTH) != 0 ? "o" : "", path);
}

/// What a walk along the path finds, as the kernel takes it: link by link, folder by folder.
struct Safety {
    Finding finding = Finding::fine;
    std::string reason{};  ///< the first element that is not as it should be
};

/// For a program that has root's rights. Links of root are followed, also in place of a folder (/bin of a merged /usr);
/// whether others could change them is looked at, and what they lead to.
class SafetyWalk {
public:
    Safety along(const std::string& path) {
        go("", path);
        return safety_;
    }

private:
    static constexpr int kMostLinks = 40;  // as in the kernel

    /// Walks `rest` from `folder` on ("": the root). \return the path that it stands for, without links.
    std::string go(std::string folder, std::string_view rest) {
        if (folder.empty()) {
            look("/", true);
        }
        while (going()) {
            const std::size_t begin = std::min(rest.find_first_not_of('/'), rest.size());
            const std::size_t end = std::min(rest.find('/', begin), rest.size());
            const std::string_view name = rest.substr(begin, end - begin);
            if (name.empty()) {
                return folder;
            }
            rest.remove_prefix(end);
            if (name == "..") {
                folder.resize(std::min(folder.rfind('/'), folder.size()));
            } else if (name != ".") {
                folder = element(folder, name, rest.find_first_not_of('/') != std::string_view::npos);
            }
        }
        return folder;
    }

    std::string element(const std::string& folder, std::string_view name, bool inner) {
        const std::string path = fmt::format("{}/{}", folder, name);
        const auto file = look(path, inner);
        if (!file || !S_ISLNK(file->st_mode)) {
            return path;
        }
        std::string target(4096, '\0');
        const ssize_t size = readlink(path.c_str(), target.data(), target.size());
        if (size <= 0 || ++links_ > kMostLinks) {
            fail(Finding::wrong_type, describe(path, *file) + " and leads nowhere");
            return path;
        }
        target.resize(static_cast<std::size_t>(size));
        return go(target.starts_with('/') ? std::string() : folder, target);
    }

    std::optional<struct stat> look(const std::string& path, bool inner) {
        struct stat file {};
        if (lstat(path.c_str(), &file) != 0) {
            fail(Finding::not_found, fmt::format("{}: {}", path, std::strerror(errno)));
            return std::nullopt;
        }
        if (!S_ISLNK(file.st_mode) &&
            (inner ? !S_ISDIR(file.st_mode) && path != "/" : !S_ISREG(file.st_mode) && !S_ISDIR(file.st_mode))) {
            fail(Finding::wrong_type, fmt::format("{} is no {}", path, inner ? "folder" : "file"));
        } else if (changeable(file)) {
            fail(Finding::insecure, fmt::format("{}; {} makes it safe", describe(path, file), remedy(path, file)));
        }
        return file;
    }

    /// Nothing is worse than what cannot be run at all.
    void fail(Finding finding, std::string reason) {
        if (going()) {
            if (safety_.finding != Finding::insecure || finding != Finding::insecure) {
                safety_ = {finding, std::move(reason)};
            }
        }
    }
    [[nodiscard]] bool going() const {
        return safety_.finding == Finding::fine || safety_.finding == Finding::insecure;
    }

    Safety safety_;
    int links_ = 0;
};

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
    if (!resolved) {
        return found(Finding::not_found, {},
                     fmt::format("Script {} cannot be accessed - {}", name, std::strerror(errno)));
    }
    std::string path = resolved.get();
    for (const std::string& way : {written, path}) {
        if (const std::string closed = closed_folder(way, account); !closed.empty()) {
            return found(Finding::not_found, {},
                         fmt::format("Script {} cannot be accessed - Permission denied for uid:gid {}:{}: {}; chmod "
                                     "o+x {} would let it in",
                                     name, account.uid, account.gid, describe(closed), closed));
        }
    }
    struct stat file {};
    if (stat(path.c_str(), &file) != 0) {
        return found(Finding::not_found, {}, fmt::format("Script {} cannot be accessed", name));
    }
    if (!S_ISREG(file.st_mode)) {
        return found(Finding::wrong_type, path, fmt::format("Wrong file type found in script path '{}'.", name));
    }
    if (!may_execute(file, account)) {
        return found(Finding::not_executable, path,
                     fmt::format("WARNING - script '{}' is not executable for uid:gid {}:{} - disabling. ({}; chmod "
                                 "+x {} makes it executable)",
                                 name, account.uid, account.gid, describe(path, file), path));
    }
    const bool set_id_root =
        ((file.st_mode & S_ISUID) != 0 && file.st_uid == 0) || ((file.st_mode & S_ISGID) != 0 && file.st_gid == 0);
    if (account.uid != 0 && account.gid != 0 && !set_id_root) {
        return found(Finding::fine, std::move(path), {});
    }
    const Safety safety = SafetyWalk().along(written);
    switch (safety.finding) {
        case Finding::wrong_type:
        case Finding::not_found:
            return found(Finding::wrong_type, std::move(path),
                         fmt::format("Wrong file type found in script path '{}': {}.", name, safety.reason));
        case Finding::insecure:
            return found(Finding::insecure, std::move(path),
                         fmt::format("Unsafe permissions found for script '{}': {}.", name, safety.reason));
        default: break;
    }
    return found(Finding::fine, std::move(path), {});
}

}  // namespace sustain::parser
