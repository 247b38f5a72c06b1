#include "core/file_watcher.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/small_file.hpp"
#include "core/unique_fd.hpp"

namespace sustain::core {

namespace {

using namespace std::chrono_literals;

constexpr Duration kPollInterval = 1s;
constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::pair<std::string, std::string> split(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) {
        return {".", path};
    }
    return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::string join(const std::string& folder, const std::string& name) {
    return folder == "/" ? folder + name : folder + '/' + name;
}

}  // namespace

FileWatcher::FileWatcher(Loop& loop) : loop_(loop), inotify_(loop), timer_(loop) {}

std::string FileWatcher::text_of(const std::string& path) {
    auto text = read_small_file(path);
    if (text) {
        unreadable_.erase(path);
        return std::move(*text);
    }
    const int error = text.error().code;
    if (error != ENOENT && error != ENOTDIR && unreadable_.insert(path).second) {
        log::warning("{} cannot be read and counts as empty: {}", path, std::strerror(error));
    }
    return {};
}

/// Not before it is needed: a process may have only so many of these.
void FileWatcher::open() {
    UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (fd) {
        inotify_.assign(fd.release());
        listen();
    }
}

FileWatcher::Id FileWatcher::add(const std::string& path, Handler handler) {
    const auto [folder, name] = split(path);
    const auto [entry, first] = folders_.try_emplace(folder);
    if (first) {
        entry->second.path = folder;
        watch(entry->second);
    }
    const Handler present = handler;
    entry->second.files.push_back({++last_id_, name, std::move(handler)});
    present(text_of(path));  // after the watch: what is written in between is not missed
    return last_id_;
}

void FileWatcher::remove(Id id) {
    for (auto entry = folders_.begin(); entry != folders_.end(); ++entry) {
        Folder& folder = entry->second;
        if (std::erase_if(folder.files, [id](const File& file) { return file.id == id; }) == 0) {
            continue;
        }
        if (folder.files.empty()) {
            unwatch(folder);
            folders_.erase(entry);
        }
        return;
    }
}

bool FileWatcher::is_polled(const std::string& folder) const {
    const auto found = folders_.find(folder);
    return found != folders_.end() && found->second.watch < 0;
}

void FileWatcher::watch(Folder& folder) {
    if (!inotify_.is_open()) {
        open();
    }
    if (inotify_.is_open()) {
        folder.watch = ::inotify_add_watch(inotify_.native_handle(), folder.path.c_str(), kEvents);
    }
    if (folder.watch >= 0) {
        by_watch_.emplace(folder.watch, folder.path);
        return;
    }
    if (const int error = errno; !std::exchange(complained_, true)) {
        log::warning("{} cannot be watched ({}{}): its files are looked at once a second", folder.path,
                     std::strerror(error),
                     error == ENOSPC   ? "; sysctl fs.inotify.max_user_watches sets the limit"
                     : error == EMFILE ? "; sysctl fs.inotify.max_user_instances sets the limit"
                                       : "");
    }
    poll_later();
}

void FileWatcher::unwatch(Folder& folder) {
    if (folder.watch < 0) {
        return;
    }
    const auto [begin, end] = by_watch_.equal_range(folder.watch);
    by_watch_.erase(std::find_if(begin, end, [&](const auto& entry) { return entry.second == folder.path; }));
    if (!by_watch_.contains(folder.watch)) {
        ::inotify_rm_watch(inotify_.native_handle(), folder.watch);
    }
    folder.watch = -1;
}

void FileWatcher::listen() {
    inotify_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [this, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
                            if (!error && !alive.expired()) {
                                take_events();
                                listen();
                            }
                        });
}

/// One read's worth: several events of one file cost one look at it.
void FileWatcher::take_events() {
    alignas(inotify_event) std::array<char, 16384> octets;
    const ssize_t count = ::read(inotify_.native_handle(), octets.data(), octets.size());
    std::set<std::pair<std::string, std::string>> changed;
    std::set<std::string> changed_folders;
    for (ssize_t offset = 0; offset < count;) {
        const auto* event = reinterpret_cast<const inotify_event*>(&octets[static_cast<std::size_t>(offset)]);
        offset += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        if ((event->mask & IN_Q_OVERFLOW) != 0) {
            for (const auto& [path, folder] : folders_) {
                changed_folders.insert(path);
            }
            continue;
        }
        std::vector<std::string> paths;  // none: of a watch that is gone
        const auto [begin, end] = by_watch_.equal_range(event->wd);
        std::transform(begin, end, std::back_inserter(paths), [](const auto& entry) { return entry.second; });
        for (const std::string& path : paths) {
            if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0) {
                // The name may stand for another folder soon, or does already.
                unwatch(folders_.at(path));
                watch(folders_.at(path));
                changed_folders.insert(path);
            } else if (event->len > 0) {
                changed.emplace(path, event->name);
            }
        }
    }
    for (const std::string& path : changed_folders) {
        tell(path, std::nullopt);
    }
    for (const auto& [path, name] : changed) {
        if (!changed_folders.contains(path)) {
            tell(path, name);
        }
    }
}

void FileWatcher::poll_later() {
    if (std::exchange(polling_, true)) {
        return;
    }
    timer_.expires_after(kPollInterval);
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
        if (!error && !alive.expired()) {
            polling_ = false;
            poll();
        }
    });
}

void FileWatcher::poll() {
    std::vector<std::string> polled;
    for (auto& [path, folder] : folders_) {
        if (folder.watch < 0) {
            polled.push_back(path);
            watch(folder);
        }
    }
    for (const std::string& path : polled) {
        tell(path, std::nullopt);
    }
}

/// The handlers of one file of a folder, or of all. A handler may add and remove files.
void FileWatcher::tell(const std::string& folder, const std::optional<std::string>& name) {
    const auto found = folders_.find(folder);
    if (found == folders_.end()) {
        return;
    }
    std::vector<std::pair<std::string, Handler>> concerned;
    for (const File& file : found->second.files) {
        if (!name || file.name == *name) {
            concerned.emplace_back(file.name, file.handler);
        }
    }
    for (const auto& [file, handler] : concerned) {
        handler(text_of(join(folder, file)));
    }
}

}  // namespace sustain::core
