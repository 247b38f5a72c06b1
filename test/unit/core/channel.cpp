#include "core/channel.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

using namespace sustain::core;

namespace {

/// Runs one coroutine to its end and yields its result.
template <typename T>
T run(Loop& loop, Awaitable<T> coroutine) {
    std::optional<T> result;
    spawn(loop, "test", [](Awaitable<T> awaited, std::optional<T>& out) -> Awaitable<> {
        out.emplace(co_await std::move(awaited));
    }(std::move(coroutine), result));
    loop.restart();
    while (!result && loop.run_one() > 0) {
    }
    REQUIRE(result.has_value());
    return std::move(*result);
}

}  // namespace

TEST_CASE("messages arrive in order, and a descriptor with the one it was attached to") {
    Loop loop;
    auto ends = make_channel_ends();
    REQUIRE(ends.has_value());
    Channel parent(loop, std::move(ends->first));
    Channel child(loop, std::move(ends->second));

    UniqueFd memory(::memfd_create("test", MFD_CLOEXEC));
    REQUIRE(::write(memory.get(), "text", 4) == 4);
    parent.send(message::Ready{1});
    parent.send(message::Reload{2}, std::move(memory));

    auto first = run(loop, child.receive());
    REQUIRE(first.has_value());
    CHECK(first->message == Message(message::Ready{1}));
    CHECK_FALSE(first->attached);
    auto second = run(loop, child.receive());
    REQUIRE(second.has_value());
    CHECK(second->message == Message(message::Reload{2}));
    char text[4];
    CHECK(::pread(second->attached.get(), text, 4, 0) == 4);
    CHECK(std::string_view(text, 4) == "text");
    CHECK((::fcntl(second->attached.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a reader that does not read costs the sender memory, not time, and loses nothing") {
    Loop loop;
    auto ends = make_channel_ends();
    REQUIRE(ends.has_value());
    Channel parent(loop, std::move(ends->first));
    Channel child(loop, std::move(ends->second));

    constexpr std::uint32_t kCount = 5000;
    for (std::uint32_t i = 0; i < kCount; ++i) {
        child.send(message::Verdict{1, i, true});
    }
    CHECK(child.backlog() > 0);
    for (std::uint32_t i = 0; i < kCount; ++i) {
        auto received = run(loop, parent.receive());
        REQUIRE(received.has_value());
        REQUIRE(received->message == Message(message::Verdict{1, i, true}));
    }
    CHECK(child.backlog() == 0);
}

TEST_CASE("the end of the other side and nonsense are told apart") {
    Loop loop;
    auto ends = make_channel_ends();
    REQUIRE(ends.has_value());
    Channel parent(loop, std::move(ends->first));
    REQUIRE(::send(ends->second.get(), "\xffnonsense", 9, 0) == 9);
    auto nonsense = run(loop, parent.receive());
    REQUIRE_FALSE(nonsense.has_value());
    CHECK(nonsense.error().code == EBADMSG);
    ends->second.reset();
    auto end = run(loop, parent.receive());
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == 0);
}
