// Listens to what the kernel says about interfaces and addresses, and keeps a LinkTable of them. If it falls behind so
// far that the kernel has to drop something, it reads everything anew: no change is lost, only its details.
#pragma once

#include <memory>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/unique_fd.hpp"
#include "netlink/datagrams.hpp"
#include "netlink/link_table.hpp"

namespace sustain::netlink {

class Monitor {
public:
    /// Listens from now on, to links and addresses of both families; nothing is known before synchronise().
    [[nodiscard]] static core::Result<std::unique_ptr<Monitor>> open(core::Loop& loop,
                                                                     const ReceiveBuffer& buffer = {});

    /// Reads everything that there is now. Once, before next().
    [[nodiscard]] core::Awaitable<core::Result<>> synchronise();

    /// Waits for the next changes, never none; the table already knows them. An error is final.
    [[nodiscard]] core::Awaitable<core::Result<Changes>> next();

    void set_receive_buffer(const ReceiveBuffer& buffer) {
        netlink::set_receive_buffer(descriptor_.native_handle(), buffer);
    }

    [[nodiscard]] const LinkTable& table() const { return table_; }

private:
    Monitor(core::Loop& loop, core::UniqueFd socket);

    core::Awaitable<core::Result<>> receive(Changes& changes);
    core::Result<> request_dump();
    void take(const nlmsghdr* message, Changes& changes);

    enum class Dump : std::uint8_t { none, links, addresses };

    core::asio::posix::stream_descriptor descriptor_;
    LinkTable table_;
    Dump dump_ = Dump::none;
    bool again_ = false;         ///< the present dump is not the whole truth
    bool overrun_told_ = false;  ///< in the log, since the last dump that was
    std::uint32_t sequence_ = 0;
    std::vector<std::uint8_t> buffer_;
};

}  // namespace sustain::netlink
