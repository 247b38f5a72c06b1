#include "checker/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace sustain::checker {

namespace {

struct Free {
    void operator()(SSL* session) const { ::SSL_free(session); }
    void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
};

/// What the library has to say about the last failure; forgets all of it.
std::string library_reason() {
    const unsigned long code = ::ERR_get_error();
    ::ERR_clear_error();
    if (ERR_SYSTEM_ERROR(code)) {
        return ::strerror(ERR_GET_REASON(code));
    }
    const char* const text = code != 0 ? ::ERR_reason_error_string(code) : nullptr;
    return text != nullptr ? text : "unknown reason";
}

/// Certificates are not judged, so nobody needs to look at them.
int accept_any(X509_STORE_CTX*, void*) {
    return 1;
}

int give_password(char* buffer, int size, int, void* data) {
    const auto& password = static_cast<const Tls*>(data)->password.reveal();
    if (size <= 0 || password.size() >= static_cast<std::size_t>(size)) {
        return 0;
    }
    std::memcpy(buffer, password.data(), password.size());
    return static_cast<int>(password.size());
}

void load(SSL_CTX* context, const Tls& files, std::vector<core::Error>& errors) {
    const auto note = [&errors](std::string_view what, const std::string& file) {
        errors.push_back({fmt::format("SSL {} {}: {}", what, file, library_reason())});
    };
    ::SSL_CTX_set_default_passwd_cb(context, give_password);
    ::SSL_CTX_set_default_passwd_cb_userdata(context, const_cast<Tls*>(&files));
    if (!files.certificate.empty() && ::SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
        note("certificate", files.certificate);
    }
    if (!files.key.empty() && ::SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        note("key", files.key);
    }
    if (!files.ca.empty() && ::SSL_CTX_load_verify_locations(context, files.ca.c_str(), nullptr) != 1) {
        note("ca", files.ca);
    }
    ::SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
}

}  // namespace

struct TlsSession::Impl {
    std::unique_ptr<SSL, Free> ssl;
};

struct TlsClient::Impl {
    std::unique_ptr<SSL_CTX, Free> context;
};

TlsSession::TlsSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsSession::~TlsSession() = default;

TlsSession::Step TlsSession::shake_hands() {
    ::ERR_clear_error();
    const Step step = judge(::SSL_connect(impl_->ssl.get()));
    established_ = step.state == State::done;
    return step;
}

TlsSession::Step TlsSession::read(std::span<std::uint8_t> room) {
    ::ERR_clear_error();
    const std::size_t most = std::min<std::size_t>(room.size(), std::numeric_limits<int>::max());
    return judge(::SSL_read(impl_->ssl.get(), room.data(), static_cast<int>(most)));
}

TlsSession::Step TlsSession::write(std::string_view text) {
    ::ERR_clear_error();
    const std::size_t most = std::min<std::size_t>(text.size(), std::numeric_limits<int>::max());
    return judge(::SSL_write(impl_->ssl.get(), text.data(), static_cast<int>(most)));
}

void TlsSession::say_goodbye() {
    ::ERR_clear_error();
    (void)::SSL_shutdown(impl_->ssl.get());
    ::ERR_clear_error();
}

TlsSession::Step TlsSession::judge(int result) {
    const int system_error = errno;
    if (result > 0) {
        return {State::done, static_cast<std::size_t>(result)};
    }
    switch (::SSL_get_error(impl_->ssl.get(), result)) {
        case SSL_ERROR_WANT_READ: return {State::wants_read};
        case SSL_ERROR_WANT_WRITE: return {State::wants_write};
        case SSL_ERROR_ZERO_RETURN: return {State::ended};
        case SSL_ERROR_SYSCALL:
            reason_ = system_error != 0 ? ::strerror(system_error) : "the connection ended";
            return {State::broken};
        default: break;
    }
    const bool cut_off = ERR_GET_REASON(::ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    reason_ = library_reason();
    return {cut_off && established_ ? State::ended : State::broken};
}

TlsClient::TlsClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsClient::~TlsClient() = default;

TlsClient::Made TlsClient::make(const std::optional<Tls>& files) {
    Made made;
    auto impl = std::make_unique<Impl>();
    impl->context.reset(::SSL_CTX_new(::TLS_client_method()));
    if (!impl->context) {
        made.errors.push_back({"making a TLS context: " + library_reason()});
        return made;
    }
    SSL_CTX* const context = impl->context.get();
    ::SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    ::SSL_CTX_set_cert_verify_callback(context, accept_any, nullptr);
    ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    ::SSL_CTX_set_read_ahead(context, 1);  // a third of the system calls for reading
    if (files) {
        load(context, *files, made.errors);
    }
    made.client = std::make_shared<TlsClient>(std::move(impl));
    return made;
}

core::Result<std::unique_ptr<TlsSession>> TlsClient::session(int fd, const std::string& server_name) {
    auto impl = std::make_unique<TlsSession::Impl>();
    impl->ssl.reset(::SSL_new(impl_->context.get()));
    SSL* const ssl = impl->ssl.get();
    if (ssl == nullptr || ::SSL_set_fd(ssl, fd) != 1 ||
        (!server_name.empty() && SSL_set_tlsext_host_name(ssl, server_name.c_str()) != 1)) {
        return std::unexpected(core::Error{"beginning TLS: " + library_reason()});
    }
    // A connection that is just closed is no reason to forget anything, and nothing is sent by freeing it.
    ::SSL_set_quiet_shutdown(ssl, 0);
    return std::make_unique<TlsSession>(std::move(impl));
}

}  // namespace sustain::checker
