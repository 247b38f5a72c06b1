// TLS as SSL_GET speaks it (spec/lvs.md 5.5): the library's defaults, one new session a connection, and no proof asked
// of the server, so that an expired or self-signed certificate is none of a health check's business. OpenSSL stays
// behind this header.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/config/tls.hpp"
#include "core/error.hpp"

namespace sustain::checker {

/// One connection's state. Reads and writes the socket itself and never waits.
class TlsSession {
public:
    enum class State : std::uint8_t {
        done,
        wants_read,   ///< to be repeated once the socket can be read
        wants_write,  ///< likewise
        ended,        ///< the server closed, with or without saying so
        broken,       ///< reason() tells
    };
    struct Step {
        State state = State::done;
        std::size_t count = 0;  ///< octets that were read or written
    };

    struct Impl;
    explicit TlsSession(std::unique_ptr<Impl> impl);
    ~TlsSession();

    [[nodiscard]] Step shake_hands();
    [[nodiscard]] Step read(std::span<std::uint8_t> room);
    [[nodiscard]] Step write(std::string_view text);
    /// Sends close_notify, if the socket takes it at once.
    void say_goodbye();
    [[nodiscard]] const std::string& reason() const { return reason_; }

private:
    Step judge(int result);

    std::unique_ptr<Impl> impl_;
    std::string reason_;
    bool established_ = false;  ///< the library forgets it where a connection breaks
};

/// What all sessions share.
class TlsClient {
public:
    /// Loads the files of the SSL block, if there is one. An Error names the file that cannot be used; the client is
    /// made without it then (`client` is set in any case, unless the library itself fails).
    struct Made {
        std::shared_ptr<TlsClient> client;
        std::vector<core::Error> errors;
    };
    [[nodiscard]] static Made make(const std::optional<Tls>& files);

    struct Impl;
    explicit TlsClient(std::unique_ptr<Impl> impl);
    ~TlsClient();

    /// A session over a connected, non-blocking socket, which must outlive it. Server_name: empty for none.
    [[nodiscard]] core::Result<std::unique_ptr<TlsSession>> session(int fd, const std::string& server_name);

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace sustain::checker
