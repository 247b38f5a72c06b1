#include "core/file_watcher.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include <catch2/catch.hpp>

#include "../daemon/temporary_folder.hpp"
#include "core/unique_fd.hpp"

using namespace sustain::core;
using namespace std::chrono_literals;

namespace {

struct Watched {
    explicit Watched(std::string file) : path(std::move(file)) {
        id = watcher.add(path, [this](const std::string& text) { seen.push_back(text); });
    }
    /// What is told about the file until it is `text`, for 5 s at most.
    bool sees(const std::string& text) {
        const auto end = now() + 5s;
        while ((seen.empty() || seen.back() != text) && now() < end) {
            loop.restart();
            loop.run_for(10ms);
        }
        return !seen.empty() && seen.back() == text;
    }
    std::string path;
    Loop loop;
    FileWatcher watcher{loop};
    FileWatcher::Id id = 0;
    std::vector<std::string> seen;
};

void write(const std::string& path, std::string_view text) {
    std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("a file is seen when it is made, written, truncated, replaced and deleted") {
    const TemporaryFolder folder;
    Watched file(folder / "number");
    CHECK(file.seen == std::vector<std::string>{""});
    write(file.path, "1");
    CHECK(file.sees("1"));
    write(file.path, "2\n");
    CHECK(file.sees("2\n"));
    std::filesystem::resize_file(file.path, 0);
    { const UniqueFd closed_after_writing(::open(file.path.c_str(), O_WRONLY | O_TRUNC)); }
    CHECK(file.sees(""));
    write(folder / "other", "3");
    std::filesystem::rename(folder / "other", file.path);
    CHECK(file.sees("3"));
    std::filesystem::rename(file.path, folder / "other");
    CHECK(file.sees(""));
    std::filesystem::create_symlink(folder / "other", file.path);
    CHECK(file.sees("3"));
    std::filesystem::remove(file.path);
    CHECK(file.sees(""));
    REQUIRE(::mkfifo(file.path.c_str(), 0600) == 0);  // must not be waited for
    CHECK(file.sees(""));
    file.watcher.remove(file.id);
    const auto count = file.seen.size();
    std::filesystem::remove(file.path);
    write(file.path, "4");
    CHECK_FALSE(file.sees("4"));
    CHECK(file.seen.size() == count);
}

TEST_CASE("other files of the folder are of no interest") {
    const TemporaryFolder folder;
    Watched file(folder / "number");
    write(folder / "numbers", "1");
    write(folder / "umber", "1");
    file.loop.run_for(100ms);
    CHECK(file.seen.size() == 1);
}

TEST_CASE("a folder may come later, go and come back") {
    const TemporaryFolder folder;
    Watched file(folder / "sub" + "/number");
    CHECK(file.watcher.is_polled(folder / "sub"));
    std::filesystem::create_directory(folder / "sub");
    write(file.path, "1");
    CHECK(file.sees("1"));
    CHECK_FALSE(file.watcher.is_polled(folder / "sub"));
    std::filesystem::rename(folder / "sub", folder / "gone");
    CHECK(file.sees(""));
    std::filesystem::create_directory(folder / "sub");
    write(file.path, "2");
    CHECK(file.sees("2"));
    write(file.path, "3");
    CHECK(file.sees("3"));
    std::filesystem::remove_all(folder / "sub");
    CHECK(file.sees(""));
}

TEST_CASE("two names of one folder are both served") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "a");
    std::filesystem::create_directory_symlink(folder / "a", folder / "b");
    Watched file(folder / "a" + "/number");
    std::vector<std::string> other;
    const auto id = file.watcher.add(folder / "b" + "/number", [&](const std::string& text) { other.push_back(text); });
    write(file.path, "7");
    CHECK(file.sees("7"));
    CHECK(other.back() == "7");
    file.watcher.remove(id);
    write(file.path, "8");
    CHECK(file.sees("8"));
    CHECK(other.back() == "7");
}

TEST_CASE("where no watch can be had the files are looked at, and watched as soon as possible") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "sub");
    const std::string path = folder / "sub" + "/number";
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    Loop loop;
    std::vector<std::string> seen;
    FileWatcher watcher(loop);
    {
        // No descriptor is to be had, as when fs.inotify.max_user_instances is reached.
        const UniqueFd highest(::dup(STDOUT_FILENO));
        rlimit none = before;
        none.rlim_cur = static_cast<rlim_t>(highest.get());
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
        watcher.add(path, [&](const std::string& text) { seen.push_back(text); });
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    }
    CHECK(watcher.is_polled(folder / "sub"));
    write(path, "1");
    const auto end = now() + 5s;
    while (seen.back() != "1" && now() < end) {
        loop.restart();
        loop.run_for(10ms);
    }
    CHECK(seen.back() == "1");
    CHECK_FALSE(watcher.is_polled(folder / "sub"));
}

TEST_CASE("when the limit of watches is reached, files are looked at once a second") {
    const TemporaryFolder folder;
    const std::string path = folder / "number";
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        // A user namespace has limits of its own.
        if (::unshare(CLONE_NEWUSER) != 0) {
            ::_exit(77);
        }
        std::ofstream("/proc/sys/user/max_inotify_watches") << "0" << std::flush;
        Loop loop;
        std::string seen;
        FileWatcher watcher(loop);
        watcher.add(path, [&](const std::string& text) { seen = text; });
        const std::string parent = path.substr(0, path.rfind('/'));
        const bool polled = watcher.is_polled(parent);
        write(path, "1");
        const auto end = now() + 5s;
        while (seen != "1" && now() < end) {
            loop.restart();
            loop.run_for(10ms);
        }
        ::_exit(polled && watcher.is_polled(parent) && seen == "1" ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        WARN("no user namespaces here");
        return;
    }
    CHECK(WEXITSTATUS(status) == 0);
}
