// The whole configuration as typed values: what the files say once every line is read, inherited and checked.
#pragma once

#include "bfd/config.hpp"
#include "checker/config.hpp"
#include "core/config.hpp"
#include "ipvs/config.hpp"
#include "vrrp/config.hpp"

namespace sustain::parser {

struct Config {
    core::GlobalConfig global;
    vrrp::Config vrrp;
    checker::Config checker;
    ipvs::Config ipvs;
    bfd::Config bfd;
    /// A child is started if there is a block for it, whether that block is of any use or not (spec/cli.md section 3).
    bool has_vrrp = false;     ///< a vrrp_instance, static_ipaddress, static_routes or static_rules
    bool has_checker = false;  ///< a virtual_server
    bool has_bfd = false;      ///< a bfd_instance
};

}  // namespace sustain::parser
