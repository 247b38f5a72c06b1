// A virtual server whose block is complete, and, if it is for a group, whose group is known: from the draft to the
// configuration.
#pragma once

#include <string>

#include "parser/context.hpp"

namespace sustain::parser {

/// "[192.0.2.1]:tcp:80", "FWM 7" or "[GROUP]:0" (spec/lvs.md section 2).
[[nodiscard]] std::string name_of(const VirtualServerDraft& draft);

/// Makes the checks of spec/lvs.md 3.3 in their order, correcting the draft. Group: of a virtual server that is for
/// one; null otherwise.
void settle_virtual_server(Context& context, VirtualServerDraft& draft, const GroupTraits* group);

/// Inherits (spec/lvs.md 2.1) and appends it and its health checks to the configuration. After settle_virtual_server().
void build_virtual_server(Context& context, VirtualServerDraft& draft, const GroupTraits* group);

}  // namespace sustain::parser
