#include "core/log_sink.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>

#include "core/unique_fd.hpp"

namespace sustain::core {

namespace {

constexpr auto kSyslogSocket = "/dev/log";
// A write of at most this size to a pipe that poll() calls writable does not block (pipe(7), PIPE_BUF).
constexpr std::size_t kLongestConsoleLine = 4096;
// Without a log daemon, trying for each line costs more than the line: 10,000 of them at the start of 2,000 services.
constexpr auto kReconnectInterval = std::chrono::seconds(1);

/// Counts the lines that a sink could not get rid of, and says so once it can again.
class LossCounter {
public:
    void lost() { ++lost_; }
    /// The text to write before the next line, if lines were lost since the last call.
    [[nodiscard]] std::optional<std::string> take_report() {
        if (lost_ == 0) {
            return std::nullopt;
        }
        return fmt::format("{} log lines were lost because the log was not read", std::exchange(lost_, 0));
    }
    void give_back(std::uint64_t count) { lost_ += count; }
    [[nodiscard]] std::uint64_t count() const { return lost_; }

private:
    std::uint64_t lost_ = 0;
};

/// The time as text, made anew once a second: thousands of lines may be written in one.
class TimeText {
public:
    explicit TimeText(const char* format) : format_(format) {}

    [[nodiscard]] std::string_view now() {
        const std::time_t second = std::time(nullptr);
        if (second != second_ || length_ == 0) {
            second_ = second;
            std::tm local{};
            ::localtime_r(&second, &local);
            length_ = std::strftime(text_.data(), text_.size(), format_, &local);
        }
        return {text_.data(), length_};
    }

private:
    const char* format_;
    std::time_t second_ = 0;
    std::array<char, 64> text_{};
    std::size_t length_ = 0;
};

class SyslogSink final : public LogSink {
public:
    SyslogSink(std::string ident, int facility) : ident_(std::move(ident)), facility_(facility) { connect(); }

    void write(int priority, std::string_view line) noexcept override try {
        const auto before = losses_.count();
        if (const auto report = losses_.take_report(); report && !send(LOG_WARNING, *report)) {
            losses_.give_back(before);
        }
        if (!send(priority, line)) {
            losses_.lost();
        }
    } catch (...) {
        losses_.lost();
    }

private:
    bool connect() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_attempt_) {
            return false;
        }
        next_attempt_ = now + kReconnectInterval;
        UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::string_view(kSyslogSocket).copy(address.sun_path, sizeof address.sun_path - 1);
        if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            return false;
        }
        socket_ = std::move(fd);
        return true;
    }

    bool send(int priority, std::string_view line) {
        if (!socket_ && !connect()) {
            return false;
        }
        // RFC 3164 as /dev/log readers expect it: <facility+severity>time ident[pid]: text
        const std::string datagram =
            fmt::format("<{}>{} {}[{}]: {}", facility_ | priority, time_.now(), ident_, ::getpid(), line);
        for (int attempt = 0; attempt < 2; ++attempt) {
            if (::send(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0) {
                return true;
            }
            if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE) {
                return false;
            }
            socket_.reset();
            if (!connect()) {  // the log daemon went away: try its new socket
                return false;
            }
        }
        return false;
    }

    std::string ident_;
    int facility_;
    TimeText time_{"%b %e %H:%M:%S"};
    UniqueFd socket_;
    std::chrono::steady_clock::time_point next_attempt_;
    LossCounter losses_;
};

class ConsoleSink final : public LogSink {
public:
    void write(int /*priority*/, std::string_view line) noexcept override try {
        const auto before = losses_.count();
        if (const auto report = losses_.take_report(); report && !print(*report)) {
            losses_.give_back(before);
        }
        if (!print(line)) {
            losses_.lost();
        }
    } catch (...) {
        losses_.lost();
    }

private:
    bool print(std::string_view line) {
        std::string text = fmt::format("{}: {}", time_.now(), line);
        text.resize(std::min(text.size(), kLongestConsoleLine - 1));
        text += '\n';
        pollfd console{STDERR_FILENO, POLLOUT, 0};
        if (!is_file_ && (::poll(&console, 1, 0) != 1 || (console.revents & POLLOUT) == 0)) {
            return false;
        }
        return ::write(STDERR_FILENO, text.data(), text.size()) >= 0;
    }

    static bool is_regular_file(int fd) {
        struct stat status {};
        return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    }

    const bool is_file_ = is_regular_file(STDERR_FILENO);  // which keeps nobody waiting
    TimeText time_{"%a %b %e %H:%M:%S %Y"};
    LossCounter losses_;
};

}  // namespace

std::unique_ptr<LogSink> make_syslog_sink(std::string ident, int facility) {
    return std::make_unique<SyslogSink>(std::move(ident), facility);
}

std::unique_ptr<LogSink> make_console_sink() {
    return std::make_unique<ConsoleSink>();
}

}  // namespace sustain::core
