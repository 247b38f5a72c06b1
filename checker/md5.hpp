// The MD5 digest (RFC 1321) that pages are compared by. It guards nothing: it tells one page from another.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace sustain::checker {

class Md5 {
public:
    using Digest = std::array<std::uint8_t, 16>;

    Md5();
    Md5(Md5&&) noexcept;
    Md5& operator=(Md5&&) noexcept;
    ~Md5();

    void add(std::span<const std::uint8_t> octets);
    /// Of everything that was added. Nothing may be added afterwards.
    [[nodiscard]] Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// 32 lower case hexadecimal digits.
[[nodiscard]] std::string to_string(const Md5::Digest& digest);

}  // namespace sustain::checker
