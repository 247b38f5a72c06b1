// The configuration while it is being read: what was written and what was not, before defaults are inherited and
// checks are made. Each noun has its own part.
#pragma once

#include <utility>

#include "parser/config.hpp"
#include "parser/draft/entry_line.hpp"
#include "parser/draft/global.hpp"
#include "parser/draft/instance.hpp"
#include "parser/draft/interfaces.hpp"
#include "parser/draft/scripts.hpp"
#include "parser/draft/track.hpp"
#include "parser/draft/tracking.hpp"
#include "parser/draft/virtual_server.hpp"
#include "parser/draft/virtual_server_group.hpp"

namespace sustain::parser {

struct Draft : EntryLineDrafts,
               GlobalDrafts,
               InstanceDrafts,
               InterfaceDrafts,
               ScriptDrafts,
               TrackDrafts,
               TrackingDrafts,
               VirtualServerDrafts,
               VirtualServerGroupDrafts {
    Config config;  ///< what is ready

    /// The one whose block is open, by type: a keyword table sets members of these.
    template <typename T>
    [[nodiscard]] T& current() {
        if constexpr (requires { part_of(std::declval<Config&>(), Open<T>()); }) {
            return part_of(config, Open<T>());
        } else {
            return open_object(*this, Open<T>());
        }
    }
};

}  // namespace sustain::parser
