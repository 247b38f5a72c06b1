// Which of a batch of requests the kernel has answered, and how. Knows no socket: it is fed with what was received.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sustain::netlink {

/// How one request ended.
struct Outcome {
    int code = 0;             ///< errno, 0 where the kernel has done what was asked
    std::string explanation;  ///< the kernel's own words about the refusal, often empty

    [[nodiscard]] bool done() const { return code == 0; }
};

class Acknowledgements {
public:
    /// For `count` requests with the sequence numbers `first`, `first` + 1 …
    Acknowledgements(std::uint32_t first, std::size_t count) : first_(first), missing_(count), outcomes_(count) {}

    /// Takes an NLMSG_ERROR for one of the requests; everything else (and a second answer) changes nothing. The
    /// message must be complete (nlmsg_ok).
    void take(const nlmsghdr* message);

    /// The kernel works a batch off in order and speaks of what it refuses unasked: where only the last request asks
    /// for an answer, the others have been done if they have none once the last one has its own, and nothing was
    /// dropped.
    void settle_silent_ones();

    [[nodiscard]] bool complete() const { return missing_ == 0; }
    [[nodiscard]] bool has_last() const { return !outcomes_.empty() && outcomes_.back().has_value(); }
    [[nodiscard]] std::size_t missing() const { return missing_; }
    /// By request; nothing where no answer came.
    [[nodiscard]] std::vector<std::optional<Outcome>>& outcomes() { return outcomes_; }

private:
    std::uint32_t first_;
    std::size_t missing_;
    std::vector<std::optional<Outcome>> outcomes_;
};

/// What an NLMSG_ERROR, or the NLMSG_DONE that ends a dump, says. EBADMSG if it is too short to say anything.
[[nodiscard]] Outcome outcome_of(const nlmsghdr* message);

}  // namespace sustain::netlink
