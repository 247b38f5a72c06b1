#include "parser/explain.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain::parser;

namespace {

struct Explained {
    std::string text;
    int status = 0;
};

/// As -t --explain prints it, with the folder of the file left out.
Explained explained(std::string_view text, ExplainOptions options) {
    const test::Folder folder;
    const std::string file = folder.write("k.conf", text);
    Outcome outcome = load({.file = file, .config_id = "lb1", .strict = true, .keep_text = false, .explain = options},
                           test::FakeMachine());
    std::string& result = outcome.explanation;
    for (auto at = result.find(file); at != std::string::npos; at = result.find(file, at)) {
        result.replace(at, file.size(), "k.conf");
    }
    return {std::move(result), outcome.test_status};
}

std::string with_origins(std::string_view text) {
    return explained(text, {}).text;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// The one line with this word in it, with blanks made one.
std::string line_with(std::string_view text, std::string_view word) {
    const auto at = text.find(word);
    REQUIRE(at != std::string_view::npos);
    const auto begin = text.rfind('\n', at) + 1;
    std::string line;
    for (const char c : text.substr(begin, text.find('\n', at) - begin)) {
        if (c != ' ' || (!line.empty() && line.back() != ' ')) {
            line += c;
        }
    }
    return line;
}

constexpr std::string_view kInstance = R"(
vrrp_instance "A B" {
    interface eth0
    virtual_router_id 007      # a comment
    priority 100
    priority +120
    advert_int 2.00
    virtual_ipaddress { 192.0.2.1/24   dev	eth0
        192.0.2.2 label eth0:x
    }
    virtual_ipaddress {
        192.0.2.3
    }
    state BACKUP
}
)";

}  // namespace

TEST_CASE("an explanation has each value that counts, in the order of the table, and where it stands") {
    const std::string text = with_origins(kInstance);
    CHECK(line_with(text, "vrrp_instance") == "vrrp_instance \"A B\" { # k.conf:2");
    CHECK(line_with(text, "virtual_router_id") == "virtual_router_id 7 # k.conf:4");
    CHECK(line_with(text, "priority 1") == "priority 120 # k.conf:6");
    CHECK_FALSE(contains(text, "priority 100"));
    CHECK(line_with(text, "advert_int") == "advert_int 2 # k.conf:7");
    CHECK(line_with(text, "192.0.2.1/24") == "192.0.2.1/24 dev eth0 # k.conf:8");
    CHECK(line_with(text, "192.0.2.3") == "192.0.2.3 # k.conf:12");
    CHECK(text.find("state BACKUP") < text.find("virtual_router_id"));
}

TEST_CASE("what is not written has its default or what it inherits") {
    const std::string text = with_origins(R"(virtual_server 192.0.2.80 80 {
protocol TCP
lvs_sched rr
lvs_method NAT
delay_loop 15
real_server 198.51.100.1 80 {
TCP_CHECK {
connect_timeout 3
}
}
}
)");
    CHECK(line_with(text, "        delay_loop") == "delay_loop 15 # from virtual_server/delay_loop k.conf:5");
    CHECK(line_with(text, "            connect_timeout") == "connect_timeout 3 # k.conf:8");
    CHECK(line_with(text, "            delay_before_retry") == "delay_before_retry 1 # default");
}

TEST_CASE("what is wrong is a comment") {
    const std::string text = with_origins(R"(vrrp_instance A {
interface eth0
virtual_router_id 1
priority 300
advert_int often
virtual_ipaddress {
192.0.2.1
192.0.2.300
}
}
vrrp_instance A {
priority 5
}
nonsense 1
)");
    CHECK(line_with(text, "priority 1") == "priority 100 # k.conf:4, instead of 300");
    CHECK(line_with(text, "often") == "# advert_int often # k.conf:5, of no effect");
    CHECK(line_with(text, "192.0.2.300") == "# 192.0.2.300 # k.conf:8, of no effect");
    CHECK(line_with(text, "k.conf:11") == "# vrrp_instance A { ... } # k.conf:11, of no effect");
    CHECK_FALSE(contains(text, "priority 5"));
    CHECK_FALSE(contains(text, "nonsense"));
}

TEST_CASE("several global_defs add up, and none has defaults all the same") {
    const std::string text = with_origins("global_defs { router_id a }\nglobal_defs {\ndynamic_interfaces\n}\n");
    CHECK(text.find("global_defs {") == text.rfind("global_defs {"));
    CHECK(line_with(text, "router_id") == "router_id a # k.conf:1");
    CHECK(line_with(text, "dynamic_interfaces") == "dynamic_interfaces # k.conf:3");
    CHECK(contains(with_origins(""), "global_defs {"));
}

TEST_CASE("secrets are shown on request only") {
    constexpr std::string_view text =
        "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nauthentication {\nauth_type PASS\n"
        "auth_pass geheim\n}\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n";
    const Explained concealed = explained(text, {});
    CHECK_FALSE(contains(concealed.text, "geheim"));
    CHECK(line_with(concealed.text, "auth_pass") == "auth_pass \"********\" # k.conf:6");
    CHECK(contains(explained(text, {.secrets = true}).text, "auth_pass geheim "));
    CHECK_FALSE(
        contains(explained("vrrp_instance A {\nauthentication {\nauth_pass geheim1234\n}\n}\n", {}).text, "geheim"));
    const auto hidden = [](std::string_view line) {
        const std::string block =
            "vrrp_instance A {\nversion 3\nauthentication {\nauth_type PASS\n}\nauth_hmac {\n}\n}\n";
        std::string configuration = block;
        const auto place = line.starts_with("auth_pass") ? block.find("auth_type") : block.find("auth_hmac {\n") + 12;
        configuration.insert(place, std::string(line) + "\n");
        return !contains(explained(configuration, {}).text, "geheim");
    };
    CHECK(hidden("auth_pass geheim word"));
    CHECK(hidden("auth_pass word geheim"));
    CHECK(hidden("auth_pass 12 geheim"));
    CHECK(hidden("key 5 geheim-geheim-geheim-geheim-geheim"));
    CHECK(hidden("key 5 geheim-geheim-geheim-geheim-geheim more"));
    CHECK(hidden("key geheim-geheim-geheim-geheim-geheim 5"));
    CHECK(hidden("key geheim"));
}

TEST_CASE("an explanation is a configuration that means the same") {
    const std::string configuration = std::string(kInstance) + R"(
global_defs { router_id \#4
}
virtual_server 192.0.2.80 80 {
    lb_algo wrr
    lvs_method DR
    protocol tcp
    quorum 1
    sorry_server 192.0.2.9 80
    real_server 198.51.100.1 80 {
        weight 02
        TCP_CHECK { connect_timeout 3
        connect_port 81 } }
    real_server 198.51.100.2 80 {
        inhibit_on_failure
    }
}
)";
    const Explained once = explained(configuration, {.origins = false, .secrets = true});
    CHECK(once.status == 0);
    CHECK_FALSE(contains(once.text, " # "));
    const Explained twice = explained(once.text, {.origins = false, .secrets = true});
    CHECK(twice.status == 0);
    CHECK(twice.text == once.text);
    const Explained from_origins =
        explained(explained(configuration, {.secrets = true}).text, {.origins = false, .secrets = true});
    CHECK(from_origins.text == once.text);
}

TEST_CASE("nothing is recorded where nobody wants an explanation") {
    CHECK(test::test_text(kInstance).explanation.empty());
}

TEST_CASE("what checks have made of it is said") {
    const std::string text = with_origins(R"(virtual_server 192.0.2.80 80 {
protocol TCP
ops
lvs_sched rr
lvs_method NAT
quorum 9
real_server 198.51.100.1 80 {
}
real_server 198.51.100.1 80 {
}
}
virtual_server fwmark 5 {
lvs_sched rr
}
)");
    CHECK(line_with(text, "ops") == "# ops # adjusted: one packet scheduling requires UDP, not as in k.conf:3");
    CHECK(line_with(text, "quorum") == "quorum 1 # adjusted: the total weight of the real servers, not as in k.conf:6");
    CHECK(line_with(text, "k.conf:9") ==
          "# real_server 198.51.100.1 80 { ... } # k.conf:9, left out: there is one with this address already");
    CHECK(line_with(text, "virtual_server fwmark") ==
          "# virtual_server fwmark 5 { ... } # k.conf:12, left out: it has no real servers");
}

TEST_CASE("a default that depends on more than the keyword is a comment") {
    const std::string text = with_origins(kInstance);
    CHECK_FALSE(contains(text, "\n    version"));
    CHECK(line_with(text, "# version").starts_with("# version # default: 2"));
    CHECK_FALSE(contains(with_origins("vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nnopreempt\n}\n"),
                         "\n    preempt "));
}
