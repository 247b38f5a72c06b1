// Tells when files that others write are written, replaced, made or deleted, and what is in them then: for track_file
// of VRRP and FILE_CHECK of the checkers. The folders are watched by inotify. Where that is refused (the limit of
// watches is reached, the folder is not there) the files are looked at once a second instead, and the watch is tried
// again each time.
//
//     core::FileWatcher watcher(loop);
//     watcher.add("/run/load", [](const std::string& text) { … });  // with the present text at once
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/loop.hpp"

namespace sustain::core {

class FileWatcher {
public:
    using Id = std::uint64_t;
    /// Gets the first kMostSmallFile octets of the file; the empty text if there is no regular file that we can read.
    using Handler = std::function<void(const std::string& text)>;

    explicit FileWatcher(Loop& loop);
    FileWatcher(const FileWatcher&) = delete;
    FileWatcher& operator=(const FileWatcher&) = delete;

    /// Calls the handler with what is in the file now, and then, from the loop, whenever it may have changed. The path
    /// is absolute; of symbolic links only the last one of the path is watched, not what is beyond it.
    Id add(const std::string& path, Handler handler);
    void remove(Id id);

    /// Whether files of this folder are looked at once a second for want of a watch.
    [[nodiscard]] bool is_polled(const std::string& folder) const;

private:
    struct File {
        Id id = 0;
        std::string name;
        Handler handler;
    };
    struct Folder {
        std::string path;
        int watch = -1;  ///< -1: polled
        std::vector<File> files;
    };

    void open();
    void watch(Folder& folder);
    void listen();
    void take_events();
    void poll_later();
    void poll();
    void tell(const std::string& folder, const std::optional<std::string>& name);
    void unwatch(Folder& folder);
    [[nodiscard]] std::string text_of(const std::string& path);

    Loop& loop_;
    asio::posix::stream_descriptor inotify_;
    Timer timer_;
    bool polling_ = false;
    bool complained_ = false;
    Id last_id_ = 0;
    std::map<std::string, Folder> folders_;
    std::multimap<int, std::string> by_watch_;  ///< two names of one folder have one watch
    std::set<std::string> unreadable_;          ///< and logged
    /// Keeps handlers of the loop off an object that is gone.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace sustain::core
