#include "daemon/pid_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "temporary_folder.hpp"

using sustain::daemon::PidFile;

namespace {

std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a pid file holds the pid, for everybody to read") {
    const TemporaryFolder folder;
    const mode_t before = ::umask(0177);
    auto file = PidFile::lock(folder / "pid");
    ::umask(before);
    REQUIRE(file.has_value());
    REQUIRE(file->write(4711).has_value());
    CHECK(content(folder / "pid") == "4711\n");
    struct stat status {};
    REQUIRE(::stat((folder / "pid").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0644);
    REQUIRE(file->write(12).has_value());
    CHECK(content(folder / "pid") == "12\n");
    file->remove();
    CHECK(::access((folder / "pid").c_str(), F_OK) == -1);
}

TEST_CASE("a second daemon is kept out while the first lives, whatever the file says") {
    const TemporaryFolder folder;
    {
        auto first = PidFile::lock(folder / "pid");
        REQUIRE(first.has_value());
        const auto second = PidFile::lock(folder / "pid");
        REQUIRE_FALSE(second.has_value());
        CHECK(second.error().code == EAGAIN);
        CHECK(second.error().what == "Another process has pid file " + folder / "pid" + " locked");
    }
    CHECK(PidFile::lock(folder / "pid").has_value());
}

TEST_CASE("a file left behind is no obstacle, a link or a missing folder is") {
    const TemporaryFolder folder;
    std::ofstream(folder / "stale") << "1\n";
    CHECK(PidFile::lock(folder / "stale").has_value());
    REQUIRE(::symlink((folder / "stale").c_str(), (folder / "link").c_str()) == 0);
    CHECK_FALSE(PidFile::lock(folder / "link").has_value());
    CHECK_FALSE(PidFile::lock(folder / "missing/pid").has_value());
}
