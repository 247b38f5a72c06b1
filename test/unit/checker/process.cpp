#include "checker/process.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <sstream>

#include "core/channel.hpp"
#include "listener.hpp"

using namespace sustain;
using namespace sustain::checker;
using namespace std::chrono_literals;
using core::Message;
using core::message::Ready;
using core::message::Reload;
using core::message::Stop;
using core::message::Verdict;
using test::Listener;

namespace {

Check make_check(const Endpoint& endpoint, unsigned retry = 0) {
    Check check;
    check.identity.endpoint = endpoint;
    check.identity.connect_timeout = 1s;
    check.real_server = fmt::format("[{}]:tcp:{}", endpoint.address, endpoint.port);
    check.virtual_server = "[127.0.0.9]:tcp:80";
    check.retry = retry;
    check.delay_before_retry = 10ms;
    check.delay_loop = 30ms;
    check.warmup = 0s;
    return check;
}

/// What stands in the memfd of the tests: one port of 127.0.0.1 a line makes one check each.
std::optional<Config> ports_of(int text) {
    char buffer[256] = {};
    if (::pread(text, buffer, sizeof buffer - 1, 0) <= 0) {
        return std::nullopt;
    }
    std::istringstream ports(buffer);
    Config config;
    for (std::uint16_t port = 0; ports >> port;) {
        config.checks.push_back(make_check({core::Address::ipv4(INADDR_LOOPBACK), port, std::nullopt, 0, {}, 0}));
    }
    return config;
}

core::Awaitable<std::optional<Configuration>> read_ports(core::UniqueFd text) {
    auto config = ports_of(text.get());
    co_return config ? std::optional(Configuration{std::move(*config)}) : std::nullopt;
}

core::UniqueFd memory_of(std::string_view text) {
    core::UniqueFd memory(::memfd_create("test", MFD_CLOEXEC));
    REQUIRE(::write(memory.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    return memory;
}

/// So that the listeners of a test are its own.
void keep_only_descriptor(int kept) {
    ::close_range(STDERR_FILENO + 1, static_cast<unsigned>(kept - 1), 0);
    ::close_range(static_cast<unsigned>(kept + 1), ~0U, 0);
}

/// A checker child and the parent's end of its channel.
class Child {
public:
    explicit Child(Config config, std::vector<std::optional<bool>> last_verdicts = {}, core::Lateness lateness = {}) {
        auto ends = core::make_channel_ends();
        REQUIRE(ends.has_value());
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            keep_only_descriptor(ends->second.get());
            ::_exit(
                run({{std::move(config), lateness}, 1, std::move(ends->second), read_ports, std::move(last_verdicts)}));
        }
        channel_.emplace(loop_, std::move(ends->first));
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    [[nodiscard]] pid_t pid() const { return pid_; }
    void send(const Message& message, core::UniqueFd attached = {}) { channel_->send(message, std::move(attached)); }
    void close_channel() { channel_->close(); }

    /// The next message, or nothing if none comes within `patience`.
    std::optional<Message> next(core::Duration patience = 5s) {
        if (!pending_) {
            pending_ = true;
            core::spawn(loop_, "test", receive());
        }
        loop_.restart();
        const auto end = std::chrono::steady_clock::now() + patience;
        while (pending_ && std::chrono::steady_clock::now() < end) {
            loop_.run_one_until(end);
        }
        return std::exchange(received_, std::nullopt);
    }

    /// The exit status, or nothing if the child is still there after two seconds or did not exit.
    std::optional<int> exit_status() {
        for (int i = 0; i < 200; ++i) {
            int status = 0;
            if (::waitpid(pid_, &status, WNOHANG) == pid_) {
                pid_ = 0;
                return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
            }
            ::usleep(10'000);
        }
        return std::nullopt;
    }

private:
    core::Awaitable<> receive() {
        auto received = co_await channel_->receive();
        pending_ = false;
        if (received.has_value() && std::holds_alternative<core::message::Alive>(received->message)) {
            pending_ = true;
            core::spawn(loop_, "test", receive());  // bounded by the messages that come
        } else if (received.has_value()) {
            received_ = received->message;
        }
    }

    core::Loop loop_{1};
    std::optional<core::Channel> channel_;
    std::optional<Message> received_;
    bool pending_ = false;
    pid_t pid_ = 0;
};

/// The machine has no time for it, longer than it is between two checks.
void hold_up(pid_t pid, core::Duration duration) {
    ::kill(pid, SIGSTOP);
    ::usleep(static_cast<useconds_t>(duration.count()));
    ::kill(pid, SIGCONT);
}

/// 0: an ordinary process.
int real_time_priority(pid_t pid) {
    sched_param present{};
    REQUIRE(::sched_getparam(pid, &present) == 0);
    return present.sched_priority;
}

/// Whether it comes to that within a second.
bool has_real_time_priority(pid_t pid, int wanted) {
    for (int i = 0; i < 100 && real_time_priority(pid) != wanted; ++i) {
        ::usleep(10'000);
    }
    return real_time_priority(pid) == wanted;
}

std::string status_line(pid_t pid, std::string_view name) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name)) {
            return line.substr(name.size() + 2);
        }
    }
    return {};
}

}  // namespace

TEST_CASE("the checker reports first results and changes, and nothing else") {
    Listener listener;
    const Listener dead(Listener::Mode::bound_only);
    Child child(Config{{make_check(listener.endpoint(), 1), make_check(dead.endpoint(), 3)}});
    CHECK(child.next() == Message(Ready{1}));
    std::vector<std::optional<Message>> first{child.next(), child.next()};
    if (first[0] == Message(Verdict{1, 1, false, "Connection refused"})) {
        std::swap(first[0], first[1]);
    }
    CHECK(first[0] == Message(Verdict{1, 0, true}));
    CHECK(first[1] == Message(Verdict{1, 1, false, "Connection refused"}));
    CHECK(child.next(200ms) == std::nullopt);

    listener.close();
    CHECK(child.next() == Message(Verdict{1, 0, false, "Connection refused"}));
    CHECK(child.next(100ms) == std::nullopt);
    const Listener again(Listener::Mode::listening, 128, listener.port());
    CHECK(child.next() == Message(Verdict{1, 0, true}));

    child.send(Stop{});
    CHECK(child.exit_status() == 0);
}

TEST_CASE("a checker that replaces one that died goes on from the last verdicts, and nothing flaps") {
    const Listener listener;
    const Listener dead(Listener::Mode::bound_only);
    Child child(Config{{make_check(listener.endpoint()), make_check(dead.endpoint()), make_check(listener.endpoint())}},
                {true, false, std::nullopt});
    CHECK(child.next() == Message(Ready{1}));
    CHECK(child.next() == Message(Verdict{1, 2, true}));
    CHECK(child.next(300ms) == std::nullopt);
    child.send(Stop{});
    CHECK(child.exit_status() == 0);
}

TEST_CASE("a replaced checker finds what changed meanwhile, with retries for what was up") {
    const Listener listener;
    const Listener dead(Listener::Mode::bound_only);
    Check slow = make_check(dead.endpoint(), 1);
    slow.delay_before_retry = 300ms;
    Child child(Config{{slow, make_check(listener.endpoint())}}, {true, false});
    CHECK(child.next() == Message(Ready{1}));
    CHECK(child.next() == Message(Verdict{1, 1, true}));
    CHECK(child.next(200ms) == std::nullopt);
    CHECK(child.next() == Message(Verdict{1, 0, false, "Connection refused"}));
}

TEST_CASE("a reload keeps verdicts by identity and speaks of the new generation") {
    const Listener listener;
    const Listener other;
    const Listener dead(Listener::Mode::bound_only);
    Child child(Config{{make_check(dead.endpoint()), make_check(listener.endpoint())}});
    CHECK(child.next() == Message(Ready{1}));
    CHECK(child.next().has_value());
    CHECK(child.next().has_value());

    child.send(Reload{2}, memory_of(fmt::format("{}\n{}\n{}\n", listener.port(), other.port(), dead.port())));
    CHECK(child.next() == Message(Ready{2}));
    CHECK(child.next() == Message(Verdict{2, 1, true}));
    CHECK(child.next(300ms) == std::nullopt);

    child.send(Reload{3}, memory_of(" "));
    CHECK(child.next() == Message(Ready{3}));
    CHECK(child.next(100ms) == std::nullopt);

    child.send(Reload{4});
    CHECK(child.exit_status() == 70);
}

TEST_CASE("the checker ends with status 0 when it is told to") {
    const Listener listener;
    Child child(Config{{make_check(listener.endpoint())}});
    CHECK(child.next() == Message(Ready{1}));
    SECTION("Stop") {
        child.send(Stop{});
    }
    SECTION("the end of the channel") {
        child.close_channel();
    }
    SECTION("SIGTERM") {
        ::kill(child.pid(), SIGTERM);
    }
    SECTION("SIGINT, after SIGHUP that it ignores") {
        ::kill(child.pid(), SIGHUP);
        CHECK(child.next() == Message(Verdict{1, 0, true}));
        ::kill(child.pid(), SIGINT);
    }
    CHECK(child.exit_status() == 0);
}

TEST_CASE("the checker holds only the capabilities of its sockets, and they suffice") {
    const Listener listener;
    Check check = make_check(listener.endpoint());
    if (::geteuid() == 0) {
        check.identity.endpoint.fwmark = 5;
        check.identity.endpoint.bind_interface = "lo";
        check.identity.endpoint.bind_address = check.identity.endpoint.address;
        check.identity.endpoint.bind_port = 1;
    }
    Child child(Config{{check}});
    CHECK(child.next() == Message(Ready{1}));
    const std::uint64_t kept = 1ULL << CAP_NET_RAW | 1ULL << CAP_NET_BIND_SERVICE;
    CHECK((std::stoull(status_line(child.pid(), "CapEff"), nullptr, 16) & ~kept) == 0);
    CHECK((std::stoull(status_line(child.pid(), "CapPrm"), nullptr, 16) & ~kept) == 0);
    CHECK((std::stoull(status_line(child.pid(), "CapInh"), nullptr, 16) & ~kept) == 0);
    CHECK(status_line(child.pid(), "NoNewPrivs") == "1");
    CHECK(child.next() == Message(Verdict{1, 0, true}));
}

TEST_CASE("a checker that is late asks for real-time priority step by step, as far as it may") {
    if (::geteuid() != 0) {
        WARN("needs root");
        return;
    }
    const Listener dead(Listener::Mode::bound_only);
    Child child(Config{{make_check(dead.endpoint())}}, {}, {.tolerated = 200ms, .most_priority = 2});
    CHECK(child.next() == Message(Ready{1}));
    CHECK(child.next() == Message(Verdict{1, 0, false, "Connection refused"}));
    CHECK(real_time_priority(child.pid()) == 0);
    for (const int priority : {1, 2, 2}) {
        hold_up(child.pid(), 400ms);
        for (int again = 0; again < 10 && !has_real_time_priority(child.pid(), priority); ++again) {
            hold_up(child.pid(), 400ms);  // it was just making the check, and waited for no time
        }
        CHECK(real_time_priority(child.pid()) == priority);
    }
    child.send(Reload{2}, memory_of(fmt::format("{}\n", dead.port())));  // says nothing of priorities
    CHECK(child.next() == Message(Ready{2}));
    CHECK(has_real_time_priority(child.pid(), 0));
}
