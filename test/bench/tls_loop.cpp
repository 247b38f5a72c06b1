// What HTTPS checks cost by nature: TLS handshakes with real servers on this machine and a GET over each, one after the
// other and waiting, with OpenSSL told to do as little as it can, and nothing else. Called by the bench of checks.
//
//   tls-loop CHECKS SECONDS PORT    prints the milliseconds of CPU of one check
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string_view>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view kRequest = "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 127.1.0.1:443\r\n\r\n";

struct Free {
    void operator()(SSL* session) const { ::SSL_free(session); }
    void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
};

bool check(SSL_CTX* context, std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::unique_ptr<SSL, Free> session(::SSL_new(context));
    std::array<char, 4096> page{};
    const bool done = fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                      ::SSL_set_fd(session.get(), fd) == 1 && ::SSL_connect(session.get()) == 1 &&
                      ::SSL_write(session.get(), kRequest.data(), static_cast<int>(kRequest.size())) > 0 &&
                      ::SSL_read(session.get(), page.data(), static_cast<int>(page.size())) > 0;
    while (done && ::SSL_read(session.get(), page.data(), static_cast<int>(page.size())) > 0) {
    }
    (void)::SSL_shutdown(session.get());
    ::close(fd);
    return done;
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc != 4) {
        std::fputs("Usage: tls-loop CHECKS SECONDS PORT\n", stderr);
        return 1;
    }
    const int checks = std::atoi(argv[1]);
    const int count = checks * std::atoi(argv[2]);
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[3]));
    const std::unique_ptr<SSL_CTX, Free> context(::SSL_CTX_new(::TLS_client_method()));
    ::SSL_CTX_set_cert_verify_callback(
        context.get(), [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
    ::SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    ::SSL_CTX_set_read_ahead(context.get(), 1);
    (void)check(context.get(), port);  // the library is set up
    const auto begin = Clock::now();
    const std::clock_t used = std::clock();
    for (int made = 0; made < count; ++made) {
        if (!check(context.get(), port)) {
            std::fputs("a check failed\n", stderr);
            return 1;
        }
        std::this_thread::sleep_until(begin + std::chrono::microseconds(std::int64_t{1'000'000} * made / checks));
    }
    std::printf("%.4f\n", static_cast<double>(std::clock() - used) * 1000 / CLOCKS_PER_SEC / count);
    return 0;
}
