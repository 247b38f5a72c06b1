#include "daemon/text_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace sustain;

TEST_CASE("a text comes back as it was, and nobody can change it in between") {
    const std::string text(100000, 'x');
    const auto memory = daemon::make_text_memory(text);
    REQUIRE(memory.has_value());
    CHECK(::write(memory->get(), "y", 1) == -1);
    CHECK(::ftruncate(memory->get(), 0) == -1);
    const auto back = daemon::read_text_memory(*memory);
    REQUIRE(back.has_value());
    CHECK(*back == text);
}

TEST_CASE("an empty text is a text") {
    const auto memory = daemon::make_text_memory("");
    REQUIRE(memory.has_value());
    CHECK(daemon::read_text_memory(*memory).value() == "");
}

TEST_CASE("memory that is not sealed is refused") {
    const core::UniqueFd memory(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    CHECK_FALSE(daemon::read_text_memory(memory).has_value());
    CHECK_FALSE(daemon::read_text_memory(core::UniqueFd()).has_value());
}
