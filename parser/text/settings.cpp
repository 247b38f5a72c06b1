#include "parser/text/settings.hpp"

#include <chrono>

namespace sustain::parser {

Random::Random() : engine_(static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count())) {}

}  // namespace sustain::parser
