// Which object a statement is about: the one whose block is open. Each part of the draft says so for its types with an
// overload of open_object(); keyword tables name the type only.
#pragma once

namespace sustain::parser {

/// Selects an overload of open_object() by type.
template <typename T>
struct Open {};

}  // namespace sustain::parser
