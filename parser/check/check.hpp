// The checks that need more than one statement: they turn drafts into configuration.
#pragma once

#include "parser/context.hpp"

namespace sustain::parser {

/// At the end of a virtual_server block: inherits, checks (spec/lvs.md 3.3) and appends it to the configuration, or
/// lets it wait for its group.
void check_virtual_server(Context& context);
/// At the end of a virtual_server_group block, the place of which is given: keeps the group.
void check_virtual_server_group(Context& context, const Place& closed);
/// The group of this name is there now: continues with the virtual servers that have waited for it.
void release_virtual_servers(Context& context, const std::string& group);
/// After the last line: no group comes any more, and what global_defs says is known.
void check_virtual_servers(Context& context);
/// Then: which scripts of ScriptUse::server_notify are those of a virtual or real server that has not been dropped.
/// What is beyond the end is not.
[[nodiscard]] std::vector<bool> server_scripts_in_use(const Context& context);

/// After the last line: whether every interface that has to exist does. If not, the VRRP process does not start, and
/// keepalived makes no further checks of VRRP (spec/semantic-checks-core.md 4.1).
bool check_interfaces_exist(Context& context);

/// After the last line: examines all scripts and makes the lists of commands; before the objects that name them are
/// checked (spec/semantic-checks-core.md 9, spec/lvs.md 3.4). Those of VRRP only if its process would come to that.
void check_scripts(Context& context, bool vrrp);
/// After the last line: static addresses get their interface, which has to be there (spec/semantic-checks-core.md 4.1).
/// False: one is not, as above.
bool check_static_addresses(Context& context);

/// At the end of a vrrp_instance block: what its statements mean together (spec/semantic-checks-core.md 4.2).
void check_instance_block(Context& context);

/// Likewise sync groups, what they and instances with priority 255 may track, and track groups: before the instances
/// are (spec/semantic-checks-core.md 6 and 7).
void check_groups(Context& context);

/// After the last line: inherits, checks and appends all instances (spec/semantic-checks-core.md 4 and 5).
void check_instances(Context& context);

}  // namespace sustain::parser
