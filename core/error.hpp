// What went wrong, said so that an administrator can act on it: what was attempted, on what, and why it failed.
#pragma once

#include <expected>
#include <string>

namespace sustain::core {

struct Error {
    std::string what;  ///< for people: "adding 10.0.0.1/24 to eth0: Cannot assign requested address"
    int code = 0;      ///< errno where the kernel refused, 0 otherwise
};

template <typename T = void>
using Result = std::expected<T, Error>;

/// An Error that says "ATTEMPT: strerror(CODE)".
[[nodiscard]] Error system_error(std::string attempt, int code);

/// The same, as the unexpected value to return from a function that yields a Result.
[[nodiscard]] inline std::unexpected<Error> failure(std::string attempt, int code) {
    return std::unexpected(system_error(std::move(attempt), code));
}

}  // namespace sustain::core
