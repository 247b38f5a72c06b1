#include "checker/socket.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <boost/asio/async_result.hpp>
#include <cerrno>
#include <functional>
#include <queue>
#include <system_error>
#include <utility>
#include <vector>

namespace sustain::checker {

namespace {

/// So many events are taken before other work of the loop gets its turn.
constexpr std::size_t kEventsPerTurn = 256;

}  // namespace

/// Lives as long as the loop. A socket is known to the kernel by its slot and how often that has been used, so that a
/// late event of a closed socket is nobody's.
class SocketService : public core::asio::execution_context::service {
public:
    using key_type = SocketService;
    static core::asio::execution_context::id id;
    using Handler = std::move_only_function<void(bool)>;

    explicit SocketService(core::asio::execution_context& context)
        : core::asio::execution_context::service(context),
          set_(static_cast<core::Loop&>(context)),
          timer_(static_cast<core::Loop&>(context)) {
        const int fd = ::epoll_create1(EPOLL_CLOEXEC);
        if (fd < 0) {
            throw std::system_error(errno, std::generic_category(), "making an epoll set");
        }
        set_.assign(fd);
        listen();
    }

    core::Result<std::uint32_t> add(int fd) {
        if (free_.empty()) {
            free_.push_back(static_cast<std::uint32_t>(slots_.size()));
            slots_.emplace_back();
        }
        const std::uint32_t number = free_.back();
        Slot& slot = slots_[number];
        epoll_event event{};
        event.events = EPOLLIN | EPOLLOUT | EPOLLET;
        event.data.u64 = std::uint64_t{slot.use} << 32U | number;
        if (::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, fd, &event) != 0) {
            return core::failure("watching a socket", errno);
        }
        free_.pop_back();
        return number;
    }

    /// Its socket is about to be closed, which takes it out of the set.
    void remove(std::uint32_t number) {
        Slot& slot = slots_[number];
        ++slot.use;
        ++slot.wait;
        slot.ready = 0;
        slot.has_error = false;
        slot.queued = core::TimePoint::max();
        const Handler unheard = std::exchange(slot.handler, nullptr);
        free_.push_back(number);
    }

    [[nodiscard]] bool has_error(std::uint32_t number) const { return slots_[number].has_error; }

    void wait(std::uint32_t number, std::uint32_t events, core::TimePoint deadline, Handler handler) {
        Slot& slot = slots_[number];
        slot.events = events | EPOLLERR | EPOLLHUP;
        slot.handler = std::move(handler);
        slot.deadline = deadline;
        if ((slot.ready & slot.events) != 0) {  // it came before it was waited for
            early_.push_back({number, slot.wait});
            if (early_.size() == 1) {
                core::asio::post(timer_.get_executor(), [this] { take_early(); });
            }
            return;
        }
        if (deadline < slot.queued) {
            queue(number, deadline);
        }
        if (deadline < armed_) {
            arm(deadline);
        }
    }

private:
    struct Slot {
        std::uint32_t use = 0;
        std::uint32_t wait = 0;  ///< counts what was waited for
        std::uint32_t events = 0;
        std::uint32_t ready = 0;  ///< what has happened since it was last waited for
        bool has_error = false;
        core::TimePoint deadline;
        core::TimePoint queued = core::TimePoint::max();  ///< of its entry in deadlines_, of which it has one at most
        Handler handler;
    };
    struct Wait {
        std::uint32_t slot;
        std::uint32_t wait;
    };
    struct Deadline {
        core::TimePoint when;
        std::uint32_t slot;
        std::uint32_t use;
        bool operator>(const Deadline& other) const { return when > other.when; }
    };

    void shutdown() override {
        for (Slot& slot : slots_) {  // what a handler owns may close sockets, but opens none
            const Handler unheard = std::exchange(slot.handler, nullptr);
        }
    }

    void listen() {
        set_.async_wait(core::asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
            if (!error) {
                take_events();
                listen();
            }
        });
    }

    /// Returns how many there were.
    std::size_t take_events() {
        std::array<epoll_event, kEventsPerTurn> events{};
        const int count = ::epoll_wait(set_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
        for (int i = 0; i < count; ++i) {
            const auto number = static_cast<std::uint32_t>(events[static_cast<std::size_t>(i)].data.u64);
            const auto use = static_cast<std::uint32_t>(events[static_cast<std::size_t>(i)].data.u64 >> 32U);
            Slot& slot = slots_[number];
            if (slot.use != use) {
                continue;
            }
            slot.ready |= events[static_cast<std::size_t>(i)].events;
            slot.has_error |= (slot.ready & (EPOLLERR | EPOLLHUP)) != 0;
            if (slot.handler && (slot.ready & slot.events) != 0) {
                finish(slot, true);
            }
        }
        return static_cast<std::size_t>(std::max(count, 0));
    }

    void take_early() {
        for (const Wait& early : std::exchange(early_, {})) {
            Slot& slot = slots_[early.slot];
            if (slot.wait == early.wait && slot.handler) {
                finish(slot, true);
            }
        }
    }

    /// What the handler does may move the slots.
    static void finish(Slot& slot, bool ready) {
        ++slot.wait;
        if (ready) {
            slot.ready &= ~slot.events;
        }
        std::exchange(slot.handler, nullptr)(ready);
    }

    void arm(core::TimePoint when) {
        armed_ = when;
        timer_.expires_at(when);
        timer_.async_wait([this](boost::system::error_code cancelled) {
            if (!cancelled) {
                take_deadlines();
            }
        });
    }

    void queue(std::uint32_t number, core::TimePoint when) {
        slots_[number].queued = when;
        deadlines_.push({when, number, slots_[number].use});
    }

    void take_deadlines() {
        armed_ = core::TimePoint::max();
        const core::TimePoint now = core::now();
        // A process that was held up finds many times past at once: what came while it was away came in time.
        for (std::size_t turns = slots_.size() / kEventsPerTurn; take_events() == kEventsPerTurn && turns > 0;
             --turns) {
        }
        while (!deadlines_.empty() && deadlines_.top().when <= now) {
            const Deadline next = deadlines_.top();
            deadlines_.pop();
            Slot& slot = slots_[next.slot];
            if (slot.use != next.use || slot.queued != next.when) {
                continue;
            }
            slot.queued = core::TimePoint::max();
            if (slot.handler && slot.deadline > now) {
                queue(next.slot, slot.deadline);
            } else if (slot.handler) {
                finish(slot, (slot.ready & slot.events) != 0);
            }
        }
        if (!deadlines_.empty() && deadlines_.top().when < armed_) {
            arm(deadlines_.top().when);
        }
    }

    core::asio::posix::stream_descriptor set_;
    core::Timer timer_;
    core::TimePoint armed_ = core::TimePoint::max();
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
    std::vector<Wait> early_;
    std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
};

core::asio::execution_context::id SocketService::id;

core::Result<Socket> Socket::watch(core::Loop& loop, core::UniqueFd fd) {
    auto& service = core::asio::use_service<SocketService>(loop);
    const auto slot = service.add(fd.get());
    if (!slot) {
        return std::unexpected(slot.error());
    }
    Socket socket;
    socket.service_ = &service;
    socket.slot_ = *slot;
    socket.fd_ = std::move(fd);
    return socket;
}

Socket::Socket(Socket&& other) noexcept
    : service_(std::exchange(other.service_, nullptr)), slot_(other.slot_), fd_(std::move(other.fd_)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
    close();
    service_ = std::exchange(other.service_, nullptr);
    slot_ = other.slot_;
    fd_ = std::move(other.fd_);
    return *this;
}

void Socket::close() {
    if (SocketService* const service = std::exchange(service_, nullptr)) {
        service->remove(slot_);
    }
    fd_.reset();
}

core::Awaitable<bool> Socket::readable(core::TimePoint deadline) {
    return wait(EPOLLIN, deadline);
}

core::Awaitable<bool> Socket::writable(core::TimePoint deadline) {
    return wait(EPOLLOUT, deadline);
}

bool Socket::has_error() const {
    return service_ != nullptr && service_->has_error(slot_);
}

core::Awaitable<bool> Socket::wait(std::uint32_t events, core::TimePoint deadline) {
    return core::asio::async_initiate<const core::asio::use_awaitable_t<>&, void(bool)>(
        [this, events, deadline](auto handler) {
            service_->wait(slot_, events, deadline,
                           [handler = std::move(handler)](bool ready) mutable { std::move(handler)(ready); });
        },
        core::asio::use_awaitable);
}

}  // namespace sustain::checker
