// Runs one coroutine to its end.
#pragma once

#include <catch2/catch.hpp>
#include <optional>

#include "core/loop.hpp"

namespace sustain::test {

template <typename T>
T run(core::Loop& loop, core::Awaitable<T> coroutine) {
    std::optional<T> result;
    core::spawn(loop, "test", [](core::Awaitable<T> awaited, std::optional<T>& out) -> core::Awaitable<> {
        out.emplace(co_await std::move(awaited));
    }(std::move(coroutine), result));
    loop.restart();
    while (!result && loop.run_one() > 0) {
    }
    REQUIRE(result.has_value());
    return std::move(*result);
}

}  // namespace sustain::test
