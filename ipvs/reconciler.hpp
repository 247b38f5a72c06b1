// Compares what the kernel has with what it ought to have and yields the fewest edits, in an order that leaves a
// service with servers at each step: what is added comes first, what is taken away last.
#pragma once

#include <vector>

#include "ipvs/edit.hpp"

namespace sustain::ipvs {

/// Appends to `edits` what makes one service right.
/// \param actual  what the kernel has, null: no such service
/// \param desired what it ought to have, null: no such service; at least one of the two is given
void reconcile(const ServiceKey& key, const Entry* actual, const Service* desired, std::vector<Edit>& edits);

}  // namespace sustain::ipvs
