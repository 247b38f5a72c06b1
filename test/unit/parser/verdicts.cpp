// Verdicts that Debian's keepalived was asked for: combinations that no single section of the specification decides.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using sustain::parser::test::test_text;

TEST_CASE("an interface that is not there makes the rest of its line unimportant") {
    CHECK(test_text("linkbeat_interfaces {\nnosuchif0 zzz\n}\n").test_status == 4);
    CHECK(test_text("interface_up_down_delays {\nnosuchif0 -1\n}\n").test_status == 4);
    CHECK(test_text("global_defs {\ndynamic_interfaces\n}\nlinkbeat_interfaces {\nnosuchif0 zzz\n}\n").test_status ==
          5);
}

TEST_CASE("a script line that ends in an open quote is no missing parameter") {
    CHECK(test_text("vrrp_instance A {\nnotify_master \"/bin/x y\n}\n").test_status == 5);
    CHECK(test_text("vrrp_instance A {\nnotify_master\n}\n").test_status == 2);
}

TEST_CASE("a virtual_server_group needs its brace") {
    CHECK(test_text("virtual_server_group farm\n192.0.2.1 80\n}\n").test_status == 2);
    CHECK(test_text("static_ipaddress\n192.0.2.1/32 dev eth0\n}\n").test_status == 5);
}

TEST_CASE("an empty word is no umask") {
    CHECK(test_text("global_defs {\numask \"\"\n}\n").test_status == 5);
    CHECK(test_text("global_defs {\numask IWGRP|IWOTH\n}\n").test_status == 0);
}
