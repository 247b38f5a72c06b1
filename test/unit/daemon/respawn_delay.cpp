#include "daemon/respawn_delay.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using sustain::core::Duration;
using sustain::daemon::RespawnDelay;

TEST_CASE("early deaths are answered with longer and longer delays") {
    RespawnDelay delay;
    for (const Duration expected : {0s, 1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        CHECK(delay.after(1s) == expected);
    }
}

TEST_CASE("a child that lived a minute is started again at once") {
    RespawnDelay delay;
    CHECK(delay.after(1s) == 0s);
    CHECK(delay.after(1s) == 1s);
    CHECK(delay.after(60s) == 0s);
    CHECK(delay.after(59s) == 1s);
}
