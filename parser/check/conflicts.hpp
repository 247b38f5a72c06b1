// Instances that would take each other for one and the same virtual router.
#pragma once

#include "parser/context.hpp"

namespace sustain::parser {

/// Two instances of one VRID and family that hear each other (spec/semantic-checks-core.md 5.1): the VRRP process does
/// not start. Linear in the number of instances and peers. After all instances are complete.
void check_router_conflicts(Context& context);

}  // namespace sustain::parser
