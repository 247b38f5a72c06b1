// The checks that need more than one statement: they turn drafts into configuration.
#pragma once

#include "parser/context.hpp"

namespace sustain::parser {

/// At the end of a virtual_server block: inherits, checks (spec/lvs.md 3.3) and appends it to the configuration.
void check_virtual_server(Context& context);

/// After the last line: whether every interface that has to exist does. If not, the VRRP process does not start, and
/// keepalived makes no further checks of VRRP (spec/semantic-checks-core.md 4.1).
bool check_interfaces_exist(Context& context);

/// After the last line: examines all scripts and makes the lists of commands; before the objects that name them are
/// checked (spec/semantic-checks-core.md 9, spec/lvs.md 3.4). Those of VRRP only if its process would come to that.
void check_scripts(Context& context, bool vrrp);

/// At the end of a vrrp_instance block: what its statements mean together (spec/semantic-checks-core.md 4.2).
void check_instance_block(Context& context);

/// After the last line: inherits, checks and appends all instances (spec/semantic-checks-core.md 4 and 5).
void check_instances(Context& context);

}  // namespace sustain::parser
