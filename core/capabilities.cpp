#include "core/capabilities.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace sustain::core {

namespace {

struct CapabilityFree {
    void operator()(cap_t state) const { ::cap_free(state); }
};
using CapabilityState = std::unique_ptr<std::remove_pointer_t<cap_t>, CapabilityFree>;

}  // namespace

Result<> keep_only_capabilities(const std::vector<cap_value_t>& kept) {
    const CapabilityState current(::cap_get_proc());
    const CapabilityState reduced(::cap_init());
    if (!current || !reduced) {
        return failure("reading capabilities", errno);
    }
    for (const cap_value_t capability : kept) {
        cap_flag_value_t permitted = CAP_CLEAR;
        if (::cap_get_flag(current.get(), capability, CAP_PERMITTED, &permitted) == 0 && permitted == CAP_SET) {
            ::cap_set_flag(reduced.get(), CAP_PERMITTED, 1, &capability, CAP_SET);
            ::cap_set_flag(reduced.get(), CAP_EFFECTIVE, 1, &capability, CAP_SET);
        }
    }

    // The bounding set first: dropping from it needs CAP_SETPCAP, which the next step takes away. A process without
    // that right has nothing that the bounding set could give back, because of no_new_privs.
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return failure("setting no_new_privs", errno);
    }
    for (cap_value_t capability = 0; CAP_IS_SUPPORTED(capability); ++capability) {
        if (std::ranges::find(kept, capability) == kept.end()) {
            (void)::cap_drop_bound(capability);
        }
    }
    (void)::cap_reset_ambient();
    if (::cap_set_proc(reduced.get()) != 0) {
        return failure("dropping capabilities", errno);
    }
    return {};
}

}  // namespace sustain::core
