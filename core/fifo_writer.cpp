#include "core/fifo_writer.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sustain::core {

namespace {

constexpr mode_t kMode = 0644;  // less the umask

bool same_file(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace

class FifoWriter::State : public std::enable_shared_from_this<State> {
public:
    State(Loop& loop, UniqueFd pipe, std::string path, bool made)
        : pipe_(loop, pipe.release()), path_(std::move(path)), made_(made) {}

    void close() {
        struct stat here {};
        struct stat there {};
        if (made_ && ::fstat(pipe_.native_handle(), &here) == 0 && ::lstat(path_.c_str(), &there) == 0 &&
            same_file(here, there)) {
            ::unlink(path_.c_str());
        }
        boost::system::error_code ignored;
        pipe_.close(ignored);
    }

    void write(std::string_view line) {
        if (queue_.size() >= kLongestQueue) {
            if (lost_++ == 0) {
                log::warning("Nobody reads {} fast enough: notifications for it are being lost", path_);
            }
            return;
        }
        queue_.emplace_back(line) += '\n';
        flush();
    }

    void hold(bool held) {
        held_ = held;
        flush();
    }

    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    [[nodiscard]] std::size_t lost() const { return lost_; }
    [[nodiscard]] std::size_t unread() {
        int octets = 0;
        return ::ioctl(pipe_.native_handle(), FIONREAD, &octets) == 0 ? static_cast<std::size_t>(octets) : 0;
    }

private:
    void flush() {
        while (!held_ && !waits_for_room_ && !queue_.empty()) {
            std::string& next = queue_.front();
            const ssize_t written = ::write(pipe_.native_handle(), next.data(), next.size());
            if (written == static_cast<ssize_t>(next.size())) {
                queue_.pop_front();
            } else if (written > 0) {
                next.erase(0, static_cast<std::size_t>(written));  // longer than PIPE_BUF: the rest comes next
            } else if (errno == EAGAIN) {
                wait_for_room();
            } else if (errno != EINTR) {
                log::error("{}", system_error("writing to " + path_, errno).what);
                queue_.pop_front();
            }
        }
        if (queue_.empty() && reported_ != lost_) {
            log::warning("{} is read again: {} notifications for it were lost", path_, lost_ - reported_);
            reported_ = lost_;
        }
    }

    void wait_for_room() {
        waits_for_room_ = true;
        pipe_.async_wait(asio::posix::stream_descriptor::wait_write,
                         [weak = weak_from_this()](boost::system::error_code error) {
                             const auto self = weak.lock();
                             if (self && !error) {
                                 self->waits_for_room_ = false;
                                 self->flush();
                             }
                         });
    }

    asio::posix::stream_descriptor pipe_;
    std::string path_;
    bool made_;
    std::deque<std::string> queue_;
    bool waits_for_room_ = false;
    bool held_ = false;
    std::size_t lost_ = 0;
    std::size_t reported_ = 0;  ///< of them
};

Result<FifoWriter> FifoWriter::open(Loop& loop, std::string path, uid_t user, gid_t group) {
    const bool made = ::mkfifo(path.c_str(), kMode) == 0;
    if (!made && errno != EEXIST) {
        return failure("making the FIFO " + path, errno);
    }
    // For reading as well: opening it then needs no reader, and writing to it is no error without one.
    UniqueFd pipe(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY));
    if (!pipe) {
        return failure("opening the FIFO " + path, errno);
    }
    struct stat found {};
    if (::fstat(pipe.get(), &found) != 0) {
        return failure("looking at the FIFO " + path, errno);
    }
    const bool ours = found.st_uid == ::geteuid() || (!made && found.st_uid == user);
    if (!S_ISFIFO(found.st_mode) || !ours || (made && found.st_nlink != 1)) {
        return std::unexpected(Error{path + " is not a fifo we own - not using", 0});
    }
    if (made && (found.st_uid != user || found.st_gid != group) && ::fchown(pipe.get(), user, group) != 0) {
        const int error = errno;
        ::unlink(path.c_str());
        return failure("giving the FIFO " + path + " to its owner", error);
    }
    return FifoWriter(std::make_shared<State>(loop, std::move(pipe), std::move(path), made));
}

FifoWriter::FifoWriter(std::shared_ptr<State> state) : state_(std::move(state)) {}

FifoWriter::FifoWriter(FifoWriter&&) noexcept = default;

FifoWriter& FifoWriter::operator=(FifoWriter&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

FifoWriter::~FifoWriter() {
    if (state_) {
        state_->close();
    }
}

void FifoWriter::write(std::string_view line) {
    state_->write(line);
}

void FifoWriter::hold(bool held) {
    state_->hold(held);
}

std::size_t FifoWriter::waiting() const {
    return state_->waiting();
}

std::size_t FifoWriter::lost() const {
    return state_->lost();
}

std::size_t FifoWriter::unread() const {
    return state_->unread();
}

}  // namespace sustain::core
