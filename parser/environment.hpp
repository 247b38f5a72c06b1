// What the checks of a configuration ask the machine that it is meant for: which interfaces there are,
// which users, which programs. A test answers from a list.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/command.hpp"

namespace sustain::parser {

/// What the checks need to know of an existing interface.
struct Interface {
    bool loopback = false;
    bool multicast = true;
    bool arp = true;
    bool point_to_point = false;
    bool ethernet = true;
    unsigned mtu = 1500;
    /// Whether it could be the interface that use_vmac or use_ipvlan makes.
    bool private_macvlan = false;
    bool layer2_ipvlan = false;
    std::optional<std::uint32_t> vrf_table;  ///< the routing table of a VRF
    std::string base;                        ///< the interface below a macvlan; empty: it is none
};

/// A program that a script line names, as the account that is to run it finds it
/// (spec/semantic-checks-core.md 9.2, 9.3).
struct Program {
    enum class Finding : std::uint8_t {
        fine,
        insecure,        ///< others than root could change it, and it would run with root's rights
        wrong_type,      ///< not a regular file, or a folder of its path is a link (for root's rights)
        not_found,       ///< or the account has no access to it
        not_executable,  ///< for the account
    };
    Finding finding = Finding::fine;
    std::string path;    ///< absolute, with its links resolved; empty if it was not found
    std::string reason;  ///< in words, where it is not fine
};

class Environment {
public:
    virtual ~Environment() = default;
    [[nodiscard]] virtual bool interface_exists(const std::string& name) const = 0;
    /// Of an existing interface; asked after interface_exists().
    [[nodiscard]] virtual Interface interface(const std::string& name) const;
    /// From which an advert of this family leaves the interface: its first IPv4 address, or its link-local one.
    [[nodiscard]] virtual std::optional<core::Address> source_address(const std::string& interface,
                                                                      core::Address::Family family) const;

    /// A user of this machine: user id, own group and supplementary groups.
    [[nodiscard]] virtual std::optional<core::Account> user(const std::string& name) const;
    [[nodiscard]] virtual std::optional<gid_t> group(const std::string& name) const;
    /// Whom the daemon runs as.
    [[nodiscard]] virtual core::Account own_account() const;
    /// Looks for a program: in PATH if the name has no '/', from the working folder if it does not begin with one.
    [[nodiscard]] virtual Program program(const std::string& name, const core::Account& account) const;
    /// At most so many bytes of a regular file; no value: there is none that we may read.
    [[nodiscard]] virtual std::optional<std::string> file_text(const std::string& path, std::size_t most) const;
    /// At most so many names in a folder, in no order; none if there is no such folder.
    [[nodiscard]] virtual std::vector<std::string> folder_entries(const std::string& path, std::size_t most) const;
    /// The number of a protocol above IP by its name or alias.
    [[nodiscard]] virtual std::optional<std::uint8_t> ip_protocol(const std::string& name) const;

    /// Whether this host name has an address.
    [[nodiscard]] virtual bool resolves(const std::string& host) const;
    /// How many processors are online; they are numbered from 0.
    [[nodiscard]] virtual unsigned processors() const;
    [[nodiscard]] virtual bool can_write(const std::string& path) const;
    /// Empty if this is a folder or one of that name can be made; otherwise what is in the way.
    [[nodiscard]] virtual std::string why_no_folder(const std::string& path) const;
    /// Empty if this is a folder in which changes of files are reported; otherwise what is in the way.
    [[nodiscard]] virtual std::string why_not_watchable(const std::string& folder) const;
    /// Whether there is something of this name that is no regular file.
    [[nodiscard]] virtual bool is_special_file(const std::string& path) const;
    /// Whether a network namespace of this name can be entered.
    [[nodiscard]] virtual bool has_namespace(const std::string& name) const;
};

/// The machine that we run on, in the network namespace of the calling thread.
class SystemEnvironment final : public Environment {
public:
    [[nodiscard]] bool interface_exists(const std::string& name) const override;
    [[nodiscard]] Interface interface(const std::string& name) const override;
    [[nodiscard]] std::optional<core::Address> source_address(const std::string& interface,
                                                              core::Address::Family family) const override;
    [[nodiscard]] std::optional<core::Account> user(const std::string& name) const override;
    [[nodiscard]] std::optional<gid_t> group(const std::string& name) const override;
    [[nodiscard]] core::Account own_account() const override;
    [[nodiscard]] Program program(const std::string& name, const core::Account& account) const override;
    [[nodiscard]] std::optional<std::string> file_text(const std::string& path, std::size_t most) const override;
    [[nodiscard]] std::vector<std::string> folder_entries(const std::string& path, std::size_t most) const override;
    [[nodiscard]] std::optional<std::uint8_t> ip_protocol(const std::string& name) const override;
    [[nodiscard]] bool resolves(const std::string& host) const override;
    [[nodiscard]] unsigned processors() const override;
    [[nodiscard]] bool can_write(const std::string& path) const override;
    [[nodiscard]] std::string why_no_folder(const std::string& path) const override;
    [[nodiscard]] std::string why_not_watchable(const std::string& folder) const override;
    [[nodiscard]] bool is_special_file(const std::string& path) const override;
    [[nodiscard]] bool has_namespace(const std::string& name) const override;

private:
    /// All that there were when one was first asked for, by interface; the first that fits of each family.
    mutable std::optional<std::multimap<std::string, core::Address, std::less<>>> sources_;
};

}  // namespace sustain::parser
