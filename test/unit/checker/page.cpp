#include "checker/page.hpp"

#include <catch2/catch.hpp>
#include <string_view>

#include "checker/http_request.hpp"

using namespace sustain;
using namespace sustain::checker;

namespace {

/// What a url says of a page that arrives in these pieces; nothing if it is over before the end.
std::optional<Attempt> judge(const Url& url, std::initializer_list<std::string> pieces) {
    const RegexStack stack(0, 0);
    std::shared_ptr<const Pattern> pattern;
    if (url.regex.has_value()) {
        if (auto compiled = Pattern::compile(*url.regex)) {
            pattern = *compiled;
        }
    }
    Page page(url, pattern.get(), stack);
    for (const std::string& piece : pieces) {
        for (std::string_view rest = piece; !rest.empty();) {
            const auto room = page.room();
            const std::size_t count = std::min(room.size(), rest.size());
            REQUIRE(count > 0);
            std::copy_n(rest.begin(), count, room.begin());
            rest.remove_prefix(count);
            if (!page.received(count)) {
                return std::nullopt;
            }
        }
    }
    return page.judge();
}

bool good(const Url& url, std::initializer_list<std::string> pieces) {
    const auto attempt = judge(url, pieces);
    return attempt && attempt->outcome == Outcome::success;
}

Url with_regex(std::string pattern, RegexOption option = RegexOption::dupnames) {
    Url url;
    Regex regex;
    regex.pattern = std::move(pattern);
    regex.add(option);
    url.regex = core::Boxed(std::move(regex));
    return url;
}

const std::string kOk = "HTTP/1.0 200 OK\r\n\r\n";

}  // namespace

TEST_CASE("requests are the reference's, octet by octet") {
    CHECK(http_request("/a b", "h", HttpProtocol::http_1_0) ==
          "GET /a b HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: h\r\n\r\n");
    CHECK(http_request("x", "h", HttpProtocol::http_1_0_close) ==
          "GET x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: h\r\n\r\n");
    CHECK(http_request("", "h", HttpProtocol::http_1_1) ==
          "GET  HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: h\r\n\r\n");
    CHECK(host_of(*core::Address::parse("192.0.2.1"), 80) == "192.0.2.1:80");
    CHECK(host_of(*core::Address::parse("2001:db8::1"), 443) == "[2001:db8::1]:443");
}

TEST_CASE("the nearest virtualhost is the host, and the real server's is no server name") {
    HttpGet check;
    Url url;
    const Endpoint endpoint{*core::Address::parse("192.0.2.1"), 80, std::nullopt, 0, {}, 0};
    CHECK(host_of(check, url, endpoint) == "192.0.2.1:80");
    CHECK(server_name_of(check, url).empty());
    check.enable_sni = true;
    CHECK(server_name_of(check, url).empty());
    check.virtual_server_virtualhost = "vs";
    CHECK(host_of(check, url, endpoint) == "vs");
    check.real_server_virtualhost = "rs";
    CHECK(host_of(check, url, endpoint) == "rs");
    CHECK(server_name_of(check, url) == "vs");
    check.virtualhost = "check";
    CHECK(host_of(check, url, endpoint) == "check");
    url.virtualhost = "url";
    CHECK(host_of(check, url, endpoint) == "url");
    CHECK(server_name_of(check, url) == "url");
    check.sni_name = "sni";
    CHECK(server_name_of(check, url) == "sni");
}

TEST_CASE("the status stands between two blanks of the first line") {
    const Url url;
    CHECK(good(url, {kOk}));
    CHECK(good(url, {"ICY 299 OK\r\n\r\nbody"}));
    CHECK(good(url, {"HTTP/1.0 200 \r\nX: y\r\n\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.0 200\r\n\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.0 2000 OK\r\n\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.0 20x OK\r\n\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.0  200 OK\r\n\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.0\r\nX: 200 OK\r\n\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.0 302 Found\r\n\r\n"}));
    Url moved;
    moved.status.add({301, 302});
    CHECK(good(moved, {"HTTP/1.0 302 Found\r\n\r\n"}));
    CHECK_FALSE(good(moved, {kOk}));
}

TEST_CASE("a header counts once its empty line is there, within 4095 octets, in whatever pieces it comes") {
    const Url url;
    CHECK_FALSE(good(url, {}));
    CHECK_FALSE(good(url, {"HTTP/1.0 200 OK\r\n"}));
    CHECK_FALSE(good(url, {"HTTP/1.0 200 OK\n\nbody"}));
    CHECK(good(url, {"H", "TTP/1.0 200 OK\r", "\n\r", "\nbo", "dy"}));
    const std::string longest = "HTTP/1.0 200 OK\r\nX: " + std::string(4095 - 17 - 3 - 4, 'x') + "\r\n\r\n";
    CHECK(longest.size() == 4095);
    CHECK(good(url, {longest, "body"}));
    CHECK(judge(url, {longest.substr(0, 4091) + "x\r\n\r\n"}) == std::nullopt);
    CHECK(judge(url, {std::string(100'000, 'x')}) == std::nullopt);
}

TEST_CASE("the digest is that of the body as received, up to Content-Length") {
    Url url;
    url.digest = "5d41402abc4b2a76b9719d911017c592";  // hello
    CHECK(good(url, {kOk + "hello"}));
    CHECK(good(url, {kOk, "he", "llo"}));
    CHECK_FALSE(good(url, {kOk + "hello!"}));
    const std::string sized = "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n";
    CHECK(good(url, {sized + "hello!"}));
    CHECK(good(url, {sized, "hel", "lo and", " more"}));
    CHECK_FALSE(good(url, {sized + "hell"}));
    CHECK_FALSE(good(url, {"HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello!"}));
    CHECK_FALSE(good(url, {"HTTP/1.0 200 OK\r\nContent-Length: 5x\r\n\r\nhello!"}));
    url.digest = "d41d8cd98f00b204e9800998ecf8427e";  // nothing
    CHECK(good(url, {kOk}));
}

TEST_CASE("regular expressions see the reads as the reference does") {
    SECTION("the header, too, where the body begins in its last read") {
        CHECK(good(with_regex("^HTTP"), {kOk + "hello"}));
        CHECK_FALSE(good(with_regex("^HTTP"), {kOk, "hello"}));
        CHECK(good(with_regex("^hello"), {kOk, "hello"}));
        CHECK_FALSE(good(with_regex("^hello"), {kOk + "hello"}));
    }
    SECTION("a match over several reads, with what stands before it") {
        CHECK(good(with_regex("hello world"), {kOk, "say hel", "lo w", "orld"}));
        CHECK(good(with_regex("(?<=say )hello"), {kOk, "say he", "llo"}));
        CHECK(good(with_regex("^world"), {kOk, "hello ", "world"}));
    }
    SECTION("forbidden") {
        Url url = with_regex("error");
        url.regex->forbidden = true;
        CHECK(good(url, {kOk + "fine"}));
        CHECK(good(url, {kOk}));
        CHECK_FALSE(good(url, {kOk + "an error"}));
    }
    SECTION("no body: no match") {
        CHECK_FALSE(good(with_regex("200"), {kOk}));
        CHECK(good(with_regex("200"), {kOk + "x"}));
    }
    SECTION("an expression that does not compile never matches") {
        CHECK_FALSE(good(with_regex("("), {kOk + "("}));
        Url url = with_regex("(");
        url.regex->forbidden = true;
        CHECK(good(url, {kOk + "("}));
    }
    SECTION("options") {
        CHECK_FALSE(good(with_regex("HELLO"), {kOk + "hello"}));
        CHECK(good(with_regex("HELLO", RegexOption::caseless), {kOk + "hello"}));
        CHECK(good(with_regex("lo.w", RegexOption::dotall), {kOk + "hello\nworld"}));
        CHECK(good(with_regex("h e l", RegexOption::extended), {kOk + "hello"}));
    }
}

TEST_CASE("at the end of the page a match that could still have grown counts") {
    CHECK(good(with_regex("world"), {kOk + "hello world"}));
    CHECK(good(with_regex("world$"), {kOk + "hello world"}));
    CHECK(good(with_regex("world$"), {kOk, "hello ", "wor", "ld"}));
    CHECK(good(with_regex("(?<=hello )w[a-z]+"), {kOk, "hello w", "o"}));
    CHECK(good(with_regex("o.*d"), {kOk + "hello world"}));
    CHECK_FALSE(good(with_regex("worlds"), {kOk + "hello world"}));
    CHECK_FALSE(good(with_regex("hello$"), {kOk, "hello", " world"}));
    CHECK_FALSE(good(with_regex("^world$"), {kOk, "hello w", "orld"}));
    Url url = with_regex("d$");
    url.regex->max_offset = 3;
    CHECK_FALSE(good(url, {kOk, "hello world"}));
    url.regex->max_offset = 10;
    CHECK(good(url, {kOk, "hello world"}));
    url.regex->forbidden = true;
    CHECK_FALSE(good(url, {kOk, "hello world"}));
}

TEST_CASE("with utf, characters that reads split and octets that are none hide nothing") {
    const auto utf = [](std::string pattern) { return with_regex(std::move(pattern), RegexOption::utf); };
    std::string accents;
    for (int i = 0; i < 4000; ++i) {
        accents += "\xc3\xa9";
    }
    for (const std::string padding : {"", "x"}) {  // one of them splits a character at the end of the buffer
        CHECK(good(utf("hello there"), {kOk, padding + "hello there " + accents}));
        CHECK(good(utf("\xc3\xa9{3000}!"), {kOk, padding + accents + "!"}));
        Url url = utf("hello there");
        url.regex->forbidden = true;
        CHECK_FALSE(good(url, {kOk, padding + "hello there " + accents}));
    }
    CHECK(good(utf("hello there"), {kOk, "caf\xe9 hello there x"}));
    CHECK(good(utf("caf\xc3\xa9"), {kOk, "hello caf\xc3", "\xa9 x"}));
    CHECK(good(utf("a\xf0\x9f\x98\x80z"), {kOk, "a\xf0", "\x9f", "\x98", "\x80", "z"}));
    CHECK(good(utf("(?<=\xc3\xa9)x"), {kOk, "\xc3\xa9", "x"}));
    CHECK(good(utf("end"), {kOk, "the end\xc3"}));
    CHECK(good(utf("end"), {kOk, "the en", "d\xe2\x82"}));
    CHECK_FALSE(good(utf("end."), {kOk, "the end\xc3"}));  // no character
    CHECK(good(utf("b"), {kOk, "\x80\x80\x80\x80\x80\xff\xfe", "\xff", "b"}));
    CHECK(good(with_regex("(*UTF)b.d"), {kOk, "b\xc3",
                                         "\xa9"
                                         "d!"}));
    Url url = utf("b");
    url.regex->min_offset = 1;  // within a character
    CHECK(good(url, {kOk,
                     "\xc3\xa9"
                     "b"}));
    CHECK(good(utf("en\\C!"), {kOk, "end!"}));
    CHECK(good(with_regex("caf\xe9"), {kOk, "caf\xe9"}));
}

TEST_CASE("offsets say where a match may begin") {
    Url url = with_regex("b");
    url.regex->min_offset = 3;
    CHECK_FALSE(good(url, {kOk, "ab"}));
    CHECK_FALSE(good(url, {kOk, "aab", "aaa"}));
    CHECK(good(url, {kOk, "aaab"}));
    CHECK(good(url, {kOk, "aa", "ab"}));
    url.regex->min_offset = 0;
    url.regex->max_offset = 3;
    CHECK(good(url, {kOk, "aaab"}));
    CHECK_FALSE(good(url, {kOk, "aaaab"}));
    CHECK_FALSE(good(url, {kOk, "aaa", "ab"}));
}

TEST_CASE("an endless page takes bounded memory and time") {
    SECTION("with an expression that never ends") {
        const Url url = with_regex("a.*z", RegexOption::dotall);
        const RegexStack stack(0, 0);
        const auto pattern = Pattern::compile(*url.regex);
        REQUIRE(pattern.has_value());
        PageSearch search(**pattern, *url.regex, stack);
        const std::vector<std::uint8_t> single(1, 'a');
        for (int i = 0; i < 100'000; ++i) {
            search.take(single);
        }
        const std::vector<std::uint8_t> piece(4095, 'a');
        for (int i = 0; i < 1000; ++i) {
            search.take(piece);
        }
        CHECK_FALSE(search.found());
    }
    SECTION("with one that is hard to refute") {
        CHECK_FALSE(good(with_regex("(x+x+)+y"), {kOk, std::string(4000, 'x') + "!"}));
    }
    SECTION("a long match is found as long as it is not too long") {
        CHECK(good(with_regex("<p>x*</p>"), {kOk, "<p>" + std::string(500'000, 'x') + "</p>."}));
        CHECK_FALSE(good(with_regex("<p>x*</p>"), {kOk, "<p>" + std::string(1 << 20, 'x') + "</p>."}));
    }
    SECTION("chunks are not decoded, however large they say to be") {
        CHECK(good(Url{}, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "x"}));
    }
}
