#include "vrrp/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace sustain::vrrp {

namespace {

template <std::size_t Size>
std::array<std::uint8_t, Size> hmac(const EVP_MD* digest, std::string_view key, std::span<const std::uint8_t> octets) {
    std::array<std::uint8_t, Size> result{};
    unsigned size = Size;
    if (::HMAC(digest, key.data(), static_cast<int>(key.size()), octets.data(), octets.size(), result.data(), &size) ==
            nullptr ||
        size != Size) {
        throw std::runtime_error("libcrypto refuses to make a digest");
    }
    return result;
}

}  // namespace

std::array<std::uint8_t, 16> hmac_md5(std::string_view key, std::span<const std::uint8_t> octets) {
    return hmac<16>(EVP_md5(), key, octets);
}

std::array<std::uint8_t, 32> hmac_sha256(std::string_view key, std::span<const std::uint8_t> octets) {
    return hmac<32>(EVP_sha256(), key, octets);
}

bool equal_in_constant_time(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace sustain::vrrp
