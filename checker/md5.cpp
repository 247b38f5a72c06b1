#include "checker/md5.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <new>

namespace sustain::checker {

namespace {

struct Free {
    void operator()(EVP_MD* algorithm) const { ::EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

/// Looked up once: the library's own look-up at each use is slower than the digest of a page.
const EVP_MD* algorithm() {
    static const std::unique_ptr<EVP_MD, Free> kMd5(::EVP_MD_fetch(nullptr, "MD5", "-fips"));
    return kMd5 ? kMd5.get() : ::EVP_md5();
}

}  // namespace

struct Md5::State {
    std::unique_ptr<EVP_MD_CTX, Free> context{::EVP_MD_CTX_new()};
};

Md5::Md5() : state_(std::make_unique<State>()) {
    if (!state_->context || ::EVP_DigestInit_ex2(state_->context.get(), algorithm(), nullptr) != 1) {
        throw std::bad_alloc();
    }
}

Md5::Md5(Md5&&) noexcept = default;
Md5& Md5::operator=(Md5&&) noexcept = default;
Md5::~Md5() = default;

void Md5::add(std::span<const std::uint8_t> octets) {
    ::EVP_DigestUpdate(state_->context.get(), octets.data(), octets.size());
}

Md5::Digest Md5::finish() {
    Digest digest{};
    ::EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr);
    return digest;
}

std::string to_string(const Md5::Digest& digest) {
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace sustain::checker
