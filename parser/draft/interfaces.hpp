// The interfaces that the text names and that this machine lacks.
#pragma once

#include <string>
#include <vector>

#include "parser/report.hpp"

namespace sustain::parser {

/// What is said if dynamic_interfaces does not allow it.
struct MissingInterface {
    Place place;
    std::string complaint;
};

struct InterfaceDrafts {
    std::vector<MissingInterface> missing_interfaces;
};

}  // namespace sustain::parser
