#include "vrrp/process_monitor.hpp"

#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace sustain::vrrp {

namespace {

constexpr std::size_t kMostEvents = 512;
constexpr std::size_t kStatText = 256;           // the name and the state are at the beginning
constexpr std::size_t kCommandLineText = 65536;  // no more of it is compared

/// The head of a message, in both directions.
struct Head {
    nlmsghdr netlink;
    cb_id id;
    __u32 sequence;
    __u32 acknowledgement;
    __u16 length;
    __u16 flags;
};
static_assert(sizeof(Head) == sizeof(nlmsghdr) + sizeof(cn_msg));

bool send_listen(int socket) {
    struct {
        Head head;
        proc_cn_mcast_op operation;
    } message{};
    message.head.netlink.nlmsg_len = sizeof message;
    message.head.netlink.nlmsg_type = NLMSG_DONE;
    message.head.id = {CN_IDX_PROC, CN_VAL_PROC};
    message.head.length = sizeof message.operation;
    message.operation = PROC_CN_MCAST_LISTEN;
    return ::send(socket, &message, sizeof message, 0) == sizeof message;
}

template <typename T>
T member(std::span<const std::uint8_t> event, std::size_t offset) {
    T value{};
    if (offset + sizeof value <= event.size()) {
        std::memcpy(&value, event.data() + offset, sizeof value);
    }
    return value;
}

std::optional<std::string> read_file(const std::string& path, std::size_t most) {
    const core::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        return std::nullopt;
    }
    std::string text(std::min<std::size_t>(most, 4096), '\0');
    std::size_t size = 0;
    while (size < most) {
        if (size == text.size()) {
            text.resize(std::min(text.size() * 2, most));
        }
        const ssize_t count = ::read(fd.get(), text.data() + size, text.size() - size);
        if (count < 0) {
            return std::nullopt;
        }
        if (count == 0) {
            break;
        }
        size += static_cast<std::size_t>(count);
    }
    text.resize(size);
    return text;
}

}  // namespace

std::optional<ProcessEvent> parse_process_event(std::span<const std::uint8_t> message) {
    const auto head = member<Head>(message, 0);
    if (message.size() < sizeof(Head) || head.id.idx != CN_IDX_PROC || head.id.val != CN_VAL_PROC) {
        return std::nullopt;
    }
    const auto event = message.subspan(sizeof(Head));
    if (event.size() < offsetof(proc_event, event_data) + sizeof(__u32)) {
        return std::nullopt;
    }
    constexpr std::size_t kData = offsetof(proc_event, event_data);
    const auto number = [&](std::size_t offset) { return member<std::int32_t>(event, kData + offset); };
    using Kind = ProcessEvent::Kind;
    // The values are those of proc_event::what, an enum whose name differs between versions of the header.
    switch (member<std::uint32_t>(event, offsetof(proc_event, what))) {
        case 0: return ProcessEvent{.kind = Kind::confirmed, .error = number(0)};
        case 1: {
            using Fork = decltype(proc_event{}.event_data.fork);
            if (number(offsetof(Fork, child_pid)) != number(offsetof(Fork, child_tgid))) {
                return std::nullopt;  // a thread
            }
            return ProcessEvent{.kind = Kind::fork,
                                .pid = number(offsetof(Fork, child_tgid)),
                                .parent = number(offsetof(Fork, parent_tgid))};
        }
        case 2: {
            using Exec = decltype(proc_event{}.event_data.exec);
            return ProcessEvent{.kind = Kind::changed, .pid = number(offsetof(Exec, process_tgid))};
        }
        case 0x200: {
            using Name = decltype(proc_event{}.event_data.comm);
            if (number(offsetof(Name, process_pid)) != number(offsetof(Name, process_tgid))) {
                return std::nullopt;
            }
            return ProcessEvent{.kind = Kind::changed, .pid = number(offsetof(Name, process_tgid))};
        }
        case 0x80000000: {
            using Exit = decltype(proc_event{}.event_data.exit);
            if (number(offsetof(Exit, process_pid)) != number(offsetof(Exit, process_tgid))) {
                return std::nullopt;
            }
            return ProcessEvent{.kind = Kind::exit, .pid = number(offsetof(Exit, process_tgid))};
        }
        default: return std::nullopt;
    }
}

core::Result<std::unique_ptr<ProcessMonitor>> ProcessMonitor::open(core::Loop& loop, std::uint32_t buffer, bool force) {
    core::UniqueFd socket(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_CONNECTOR));
    if (!socket) {
        return core::failure("opening the kernel's process connector", errno);
    }
    if (buffer > 0) {
        const int size = static_cast<int>(std::min<std::uint32_t>(buffer, 1U << 30));
        if (!force || ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) {
            ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
        }
    }
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = CN_IDX_PROC;
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return core::failure("listening to the kernel's process connector", errno);
    }
    if (!send_listen(socket.get())) {
        const int error = errno;
        return std::unexpected(core::Error{
            fmt::format("Failed to set process event listen - errno {} - {}", error, std::strerror(error)), error});
    }
    return std::make_unique<ProcessMonitor>(loop, std::move(socket));
}

core::Awaitable<core::Result<std::vector<ProcessEvent>>> ProcessMonitor::next() {
    std::vector<ProcessEvent> events;
    for (;;) {
        std::array<std::uint8_t, 1024> message;
        std::size_t received = 0;
        while (received < kMostEvents) {
            const ssize_t count = ::recv(socket_.native_handle(), message.data(), message.size(), MSG_DONTWAIT);
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0 && errno == ENOBUFS) {
                lost_ = true;  // the kernel says it once, and not again before everything else has been read
                continue;
            }
            if (count < 0 && errno == EAGAIN) {
                break;
            }
            if (count < 0) {
                co_return core::failure("messages of the kernel about processes", errno);
            }
            ++received;
            if (const auto event = parse_process_event({message.data(), static_cast<std::size_t>(count)})) {
                events.push_back(*event);
            }
        }
        if (!events.empty()) {
            co_return events;
        }
        if (received < kMostEvents && std::exchange(lost_, false)) {
            co_return core::failure("messages of the kernel about processes", ENOBUFS);
        }
        const auto [error] =
            co_await socket_.async_wait(core::asio::posix::stream_descriptor::wait_read, core::as_tuple_awaitable);
        if (error) {
            co_return core::failure("messages of the kernel about processes", ECANCELED);
        }
    }
}

std::optional<ProcessFacts> read_process(pid_t pid, bool with_command_line) {
    const std::string folder = fmt::format("/proc/{}", pid);
    const auto stat = read_file(folder + "/stat", kStatText);
    if (!stat) {
        return std::nullopt;
    }
    const std::string_view name = name_in_stat(*stat);
    const auto after = stat->rfind(") ");
    if (after != std::string::npos && after + 2 < stat->size() &&
        ((*stat)[after + 2] == 'Z' || (*stat)[after + 2] == 'X')) {
        return std::nullopt;
    }
    ProcessFacts facts{.name = std::string(name), .command_line = {}};
    if (with_command_line) {
        facts.command_line = read_file(folder + "/cmdline", kCommandLineText).value_or(std::string());
    }
    return facts;
}

ProcessScan::ProcessScan() : folder_(::opendir("/proc")) {}

std::vector<pid_t> ProcessScan::step(std::size_t most) {
    std::vector<pid_t> found;
    while (folder_ && found.size() < most) {
        const dirent* entry = ::readdir(folder_.get());
        if (entry == nullptr) {
            break;
        }
        const std::string_view name = entry->d_name;
        pid_t pid = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (error == std::errc() && end == name.data() + name.size()) {
            found.push_back(pid);
        }
    }
    return found;
}

}  // namespace sustain::vrrp
