#include "core/fifo_writer.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <vector>

#include "kept_log.hpp"

using namespace sustain::core;

namespace {

namespace fs = std::filesystem;

/// A folder for one test.
struct Folder {
    Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string path = "/tmp/fifo-XXXXXX";
    [[nodiscard]] std::string file(const char* name) const { return path + "/" + name; }
};

auto open(Loop& loop, const std::string& path) {
    return FifoWriter::open(loop, path, ::geteuid(), ::getegid());
}

/// Everything that can be read now.
std::string read_all(const std::string& path) {
    const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    std::string text;
    std::array<char, 4096> octets;
    ssize_t count = 0;
    while ((count = ::read(reader.get(), octets.data(), octets.size())) > 0) {
        text.append(octets.data(), static_cast<std::size_t>(count));
    }
    return text;
}

}  // namespace

TEST_CASE("a FIFO is made, written to without a reader, and removed") {
    const Folder folder;
    const std::string path = folder.file("made");
    Loop loop;
    {
        const mode_t before = ::umask(0177);
        auto fifo = open(loop, path);
        ::umask(before);
        REQUIRE(fifo);
        CHECK(fs::is_fifo(path));
        CHECK((fs::status(path).permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));
        fifo->write("one");
        fifo->write("two");
        CHECK(fifo->unread() == 8);
        CHECK(read_all(path) == "one\ntwo\n");
        FifoWriter moved = std::move(*fifo);
        moved.write("three");
        CHECK(read_all(path) == "three\n");
    }
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a FIFO that was there stays, and so does one that has taken the place of ours") {
    const Folder folder;
    const std::string path = folder.file("there");
    Loop loop;
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    { CHECK(open(loop, path)); }
    CHECK(fs::is_fifo(path));
    fs::remove(path);
    {
        const auto fifo = open(loop, path);
        REQUIRE(fifo);
        fs::remove(path);
        REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    }
    CHECK(fs::is_fifo(path));
}

TEST_CASE("what is no FIFO of ours is not written to") {
    const Folder folder;
    Loop loop;
    const std::string real = folder.file("real");
    REQUIRE(::mkfifo(real.c_str(), 0600) == 0);

    fs::create_symlink(real, folder.file("link"));
    CHECK_FALSE(open(loop, folder.file("link")));

    const std::string file = folder.file("file");
    { const UniqueFd made(::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); }
    const auto refused = open(loop, file);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().what == file + " is not a fifo we own - not using");
    CHECK(fs::file_size(file) == 0);

    CHECK_FALSE(open(loop, folder.file("no such folder/fifo")));
    if (::geteuid() == 0) {
        const std::string foreign = folder.file("foreign");
        REQUIRE(::mkfifo(foreign.c_str(), 0666) == 0);
        REQUIRE(::chown(foreign.c_str(), 12345, 12345) == 0);
        CHECK_FALSE(open(loop, foreign));
        CHECK(FifoWriter::open(loop, foreign, 12345, 12345));
        auto given = FifoWriter::open(loop, folder.file("given"), 12345, 12346);
        REQUIRE(given);
        struct stat found {};
        REQUIRE(::stat(folder.file("given").c_str(), &found) == 0);
        CHECK(found.st_uid == 12345);
        CHECK(found.st_gid == 12346);
    }
}

TEST_CASE("a reader that never comes costs only lines, and they are counted and logged once") {
    const Folder folder;
    const std::string path = folder.file("full");
    const sustain::test::KeptLog kept;
    Loop loop;
    auto fifo = open(loop, path);
    REQUIRE(fifo);
    constexpr std::size_t kLines = 20'000;
    for (std::size_t number = 0; number < kLines; ++number) {
        fifo->write(std::to_string(1'000'000 + number));
        loop.poll();
    }
    CHECK(fifo->waiting() == FifoWriter::kLongestQueue);
    CHECK(fifo->unread() <= 65536);
    CHECK(fifo->lost() == kLines - FifoWriter::kLongestQueue - fifo->unread() / 8);
    CHECK(kept.lines.size() == 1);

    // The reader comes: what waited arrives in order, without a gap.
    std::string read;
    for (int turn = 0; turn < 1000 && (fifo->waiting() > 0 || fifo->unread() > 0); ++turn) {
        read += read_all(path);
        loop.restart();
        loop.poll();
    }
    const std::size_t arrived = kLines - fifo->lost();
    REQUIRE(read.size() == arrived * 8);
    for (std::size_t number = 0; number < arrived; ++number) {
        REQUIRE(read.substr(number * 8, 8) == std::to_string(1'000'000 + number) + "\n");
    }
    CHECK(kept.lines.size() == 2);
    CHECK(kept.lines.back() == fmt::format("{} is read again: {} notifications for it were lost", path, fifo->lost()));
}

TEST_CASE("a line longer than the pipe takes at once arrives whole") {
    const Folder folder;
    const std::string path = folder.file("long");
    Loop loop;
    auto fifo = open(loop, path);
    REQUIRE(fifo);
    const std::string line(200'000, 'x');
    fifo->write(line);
    fifo->write("end");
    std::string read;
    for (int turn = 0; turn < 1000 && read.size() < line.size() + 5; ++turn) {
        read += read_all(path);
        loop.restart();
        loop.poll();
    }
    CHECK(read == line + "\nend\n");
}

TEST_CASE("held lines come when they are let go") {
    const Folder folder;
    const std::string path = folder.file("held");
    Loop loop;
    auto fifo = open(loop, path);
    REQUIRE(fifo);
    fifo->write("one");
    fifo->hold(true);
    fifo->write("two");
    CHECK(read_all(path) == "one\n");
    fifo->hold(false);
    CHECK(read_all(path) == "two\n");
}
