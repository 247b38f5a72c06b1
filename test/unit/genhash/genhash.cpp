#include "tools/genhash/genhash.hpp"

#include <catch2/catch.hpp>

#include "tools/genhash/dump.hpp"
#include "tools/genhash/options.hpp"

using namespace sustain;
using namespace sustain::genhash;
using namespace std::chrono_literals;

namespace {

CommandLine line(std::initializer_list<std::string> more) {
    std::vector<std::string> words{"-s", "192.0.2.1", "-p", "80", "-u", "/"};
    words.insert(words.end(), more);
    return parse(words);
}

}  // namespace

TEST_CASE("options in both forms") {
    const auto plain = line({});
    REQUIRE(plain.options.has_value());
    CHECK(plain.options->server == core::Address::parse("192.0.2.1"));
    CHECK(plain.options->port == 80);
    CHECK(plain.options->url == "/");
    CHECK_FALSE(plain.options->tls);
    CHECK(plain.options->timeout > 4000s);

    const auto all = parse({"--use-ssl", "--use-sni", "--use-virtualhost=a b", "--protocol", "1.0C", "--fwmark", " 7",
                            "--timeout=3", "--verb", "--port", "443", "--server=2001:db8::1", "--url", ""});
    REQUIRE(all.options.has_value());
    CHECK(all.options->server == core::Address::parse("2001:db8::1"));
    CHECK(all.options->url->empty());
    CHECK(all.options->tls);
    CHECK(all.options->sni);
    CHECK(all.options->verbose);
    CHECK(all.options->virtualhost == "a b");
    CHECK(all.options->protocol == checker::HttpProtocol::http_1_0_close);
    CHECK(all.options->fwmark == 7);
    CHECK(all.options->timeout == 3s);

    CHECK(line({"-s", "192.0.2.7/24"}).options->server == core::Address::parse("192.0.2.7"));
    CHECK(line({"-p", "81"}).options->port == 81);
}

TEST_CASE("what is wrong with a command line is named") {
    for (const auto& words : std::initializer_list<std::initializer_list<std::string>>{{"-p", "0"},
                                                                                       {"-p", "65536"},
                                                                                       {"-p", "8x"},
                                                                                       {"-s", "host"},
                                                                                       {"-P", "2"},
                                                                                       {"-m", "-1"},
                                                                                       {"-m", "1x"},
                                                                                       {"-t", "x"},
                                                                                       {"-X"},
                                                                                       {"--unknown"},
                                                                                       {"more"},
                                                                                       {"--port"},
                                                                                       {"-p"},
                                                                                       {"--use-ssl=1"}}) {
        const auto bad = line(words);
        INFO(*words.begin());
        CHECK_FALSE(bad.options.has_value());
        CHECK_FALSE(bad.complaint.empty());
    }
    for (const auto& words : std::initializer_list<std::vector<std::string>>{
             {}, {"-h"}, {"-s", "192.0.2.1", "-p", "80"}, {"-s", "192.0.2.1", "-p", "80", "-h"}}) {
        const auto bad = parse(words);
        CHECK_FALSE(bad.options.has_value());
        CHECK(bad.complaint.empty());
    }
}

TEST_CASE("the usage has both forms of every option") {
    const std::string text = usage("keepalived --genhash");
    CHECK(text.substr(0, text.find('\n')).find("keepalived --genhash") != std::string::npos);
    for (const auto* const option :
         {"-s, --server", "-p, --port", "-u, --url", "-S, --use-ssl", "-I, --use-sni", "-V, --use-virtualhost",
          "-P, --protocol", "-m, --fwmark", "-t, --timeout", "-v, --verbose", "-h, --help"}) {
        CHECK(text.find(option) != std::string::npos);
    }
}

TEST_CASE("the name of the program decides") {
    const auto is_genhash = [](std::vector<const char*> words) {
        return called(static_cast<int>(words.size()), const_cast<char**>(words.data())).has_value();
    };
    CHECK(is_genhash({"genhash"}));
    CHECK(is_genhash({"/usr/bin/genhash", "-h"}));
    CHECK_FALSE(is_genhash({"/genhash/keepalived"}));
    CHECK_FALSE(is_genhash({"keepalived", "genhash"}));
}

TEST_CASE("dumps are the reference's, octet by octet") {
    CHECK(heading("HTTP Header Buffer") ==
          "-----------------------[    HTTP Header Buffer    ]-----------------------\n");
    CHECK(heading("HTML Buffer") == "-----------------------[        HTML Buffer        ]-----------------------\n");
    CHECK(heading("HTTP Header Ascii Buffer") ==
          "-----------------------[ HTTP Header Ascii Buffer ]-----------------------\n");
    CHECK(heading("HTML hash resulting") ==
          "-----------------------[    HTML hash resulting    ]-----------------------\n");
    const std::string text = "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n";
    CHECK(hex_dump({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}) ==
          "0000  48 54 54 50 2f 31 2e 30 - 20 32 30 30 20 4f 4b 0d   HTTP/1.0 200 OK.\n"
          "0016  0a 53 65 72 76 65 72 3a - 20 78 0d 0a 0d 0a         .Server: x....  \n");
    CHECK(hex_dump(std::vector<std::uint8_t>{'h'}) ==
          "0000  68                      -                           h               \n");
}
