#include "daemon/fixed_settings.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::daemon;

TEST_CASE("the namespace of IPVS cannot be changed by a reload") {
    core::GlobalConfig before;
    core::GlobalConfig after;
    CHECK(changed_fixed_setting(before, after).empty());
    after.router_id = "other";
    CHECK(changed_fixed_setting(before, after).empty());
    after.run.ipvs_namespace = "";  // the same as none
    CHECK(changed_fixed_setting(before, after).empty());
    after.run.ipvs_namespace = "blue";
    CHECK(changed_fixed_setting(before, after) == "net_namespace_ipvs");
    before.run.ipvs_namespace = "blue";
    CHECK(changed_fixed_setting(before, after).empty());
}
