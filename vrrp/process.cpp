#include "vrrp/process.hpp"

#include "vrrp/child.hpp"

namespace sustain::vrrp {

int run(Start start) {
    core::Loop loop(1);
    Child child(loop, std::move(start));
    return static_cast<int>(child.run());
}

}  // namespace sustain::vrrp
