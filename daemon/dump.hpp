// The configuration as understood, written to the log (-d). Labels and order are those that keepalived's readers know
// (spec/outputs.md section 2), without run-time values. Secrets are masked.
#pragma once

#include "checker/config.hpp"
#include "core/config.hpp"
#include "ipvs/config.hpp"
#include "vrrp/config.hpp"

namespace sustain::daemon {

void dump(const core::GlobalConfig& global);
void dump(const vrrp::Config& config);
void dump(const ipvs::Config& config);
void dump(const checker::Config& config);

}  // namespace sustain::daemon
