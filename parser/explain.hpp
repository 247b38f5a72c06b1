// keepalived -t --explain: the configuration as it was understood, as a configuration again. Blocks stand in the order
// of the files, the keywords of a block in the order of its table; what was not written appears with the value that
// counts instead; a comment says where each value comes from.
#pragma once

#include <string>

#include "parser/record.hpp"
#include "parser/source.hpp"

namespace sustain::parser {

struct ExplainOptions {
    bool origins = true;   ///< the comments; without them, two versions can be compared line by line
    bool secrets = false;  ///< passwords and keys are shown
};

/// -t accepts the result as it accepts the configuration, and understands the same: what it refuses of the
/// configuration is a comment here.
[[nodiscard]] std::string explain(const Record& record, const Sources& sources, const ExplainOptions& options);

}  // namespace sustain::parser
