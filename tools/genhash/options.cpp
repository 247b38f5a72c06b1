#include "tools/genhash/options.hpp"

#include <fmt/format.h>
#include <getopt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

namespace sustain::genhash {

namespace {

constexpr std::array<option, 12> kLong{{{"server", required_argument, nullptr, 's'},
                                        {"port", required_argument, nullptr, 'p'},
                                        {"url", required_argument, nullptr, 'u'},
                                        {"use-ssl", no_argument, nullptr, 'S'},
                                        {"use-sni", no_argument, nullptr, 'I'},
                                        {"use-virtualhost", required_argument, nullptr, 'V'},
                                        {"protocol", required_argument, nullptr, 'P'},
                                        {"fwmark", required_argument, nullptr, 'm'},
                                        {"timeout", required_argument, nullptr, 't'},
                                        {"verbose", no_argument, nullptr, 'v'},
                                        {"help", no_argument, nullptr, 'h'},
                                        {nullptr, 0, nullptr, 0}}};

/// Decimal, nothing behind it.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t min, std::uint64_t max) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < min || value > max) {
        return std::nullopt;
    }
    return value;
}

std::optional<checker::HttpProtocol> protocol(std::string_view text) {
    if (text == "1.0") {
        return checker::HttpProtocol::http_1_0;
    }
    if (text == "1.0c" || text == "1.0C") {
        return checker::HttpProtocol::http_1_0_close;
    }
    return text == "1.1" ? std::optional(checker::HttpProtocol::http_1_1) : std::nullopt;
}

/// Takes one option; what is wrong with its value, or nothing.
std::string take(Options& options, int letter, std::string_view value) {
    constexpr std::uint64_t kLongest = 4294;  // seconds
    switch (letter) {
        case 's':
            options.server = core::Address::parse(value.substr(0, value.find_first_of("-/")));
            return options.server ? std::string() : fmt::format("server should be an IP address, not {}", value);
        case 'p': {
            const auto port = number(value, 1, 65535);
            options.port = port ? std::optional(static_cast<std::uint16_t>(*port)) : std::nullopt;
            return port ? std::string() : fmt::format("port should be a number from 1 to 65535, not {}", value);
        }
        case 'u': options.url = value; return {};
        case 'S': options.tls = true; return {};
        case 'I': options.sni = true; return {};
        case 'V': options.virtualhost = value; return {};
        case 'P': {
            const auto wanted = protocol(value);
            options.protocol = wanted.value_or(options.protocol);
            return wanted ? std::string() : fmt::format("protocol should be 1.0, 1.0c or 1.1, not {}", value);
        }
        case 'm': {
            const auto mark = number(value, 0, std::numeric_limits<std::uint32_t>::max());
            options.fwmark = static_cast<std::uint32_t>(mark.value_or(0));
            return mark ? std::string() : fmt::format("fwmark should be a number, not {}", value);
        }
        case 't': {
            const auto seconds = number(value, 0, kLongest);
            options.timeout = std::chrono::seconds(seconds.value_or(0));
            return seconds ? std::string()
                           : fmt::format("timeout should be a number of seconds up to {}, not {}", kLongest, value);
        }
        default: options.verbose = true; return {};
    }
}

}  // namespace

CommandLine parse(const std::vector<std::string>& words) {
    if (words.size() < 2) {
        return {};
    }
    std::vector<std::string> copies(words);
    std::vector<char*> argv{const_cast<char*>("genhash")};
    for (std::string& word : copies) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const int argc = static_cast<int>(argv.size()) - 1;

    Options options;
    optind = 0;
    opterr = 0;
    for (;;) {
        const int letter = ::getopt_long(argc, argv.data(), ":s:p:u:SIV:P:m:t:vh", kLong.data(), nullptr);
        if (letter < 0) {
            break;
        }
        const std::string_view word = optind > 0 && optind <= argc ? argv[static_cast<std::size_t>(optind) - 1] : "";
        if (letter == 'h') {
            return {};
        }
        if (letter == ':') {
            return {.options = std::nullopt, .complaint = fmt::format("option {} needs a value", word)};
        }
        if (letter == '?') {
            return {.options = std::nullopt, .complaint = fmt::format("unknown option {}", word)};
        }
        if (std::string complaint = take(options, letter, optarg != nullptr ? optarg : ""); !complaint.empty()) {
            return {.options = std::nullopt, .complaint = std::move(complaint)};
        }
    }
    if (optind < argc) {
        return {.options = std::nullopt,
                .complaint = fmt::format("surplus word {}", argv[static_cast<std::size_t>(optind)])};
    }
    if (!options.server || !options.port || !options.url) {
        return {};
    }
    return {.options = std::move(options), .complaint = {}};
}

std::string usage(const std::string& program) {
    return fmt::format(R"(Usage: {} -s ADDRESS -p PORT -u PATH [OPTION...]

Fetches a page once and prints the MD5 digest that HTTP_GET and SSL_GET compare it by.

  -s, --server ADDRESS          numeric address of the server
  -p, --port PORT               its port
  -u, --url PATH                what to ask for, sent as it is
  -S, --use-ssl                 speak TLS; the certificate is not verified
  -I, --use-sni                 send the name of -V in the TLS handshake
  -V, --use-virtualhost NAME    the Host header; ADDRESS:PORT without it
  -P, --protocol VERSION        1.0, 1.0c (with 'Connection: close') or 1.1
  -m, --fwmark MARK             mark the packets
  -t, --timeout SECONDS         how long each step may take
  -v, --verbose                 show what comes
  -h, --help                    show this
)",
                       program);
}

}  // namespace sustain::genhash
