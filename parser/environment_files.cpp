// What the environment knows from files of the machine.
#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "core/unique_fd.hpp"
#include "parser/environment.hpp"

namespace sustain::parser {

std::optional<std::string> Environment::file_text(const std::string& /*path*/, std::size_t /*most*/) const {
    return std::nullopt;
}
std::vector<std::string> Environment::folder_entries(const std::string& /*path*/, std::size_t /*most*/) const {
    return {};
}
std::optional<std::uint8_t> Environment::ip_protocol(const std::string& /*name*/) const {
    return std::nullopt;
}

std::optional<std::string> SystemEnvironment::file_text(const std::string& path, std::size_t most) const {
    const core::UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status {};
    if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return std::nullopt;
    }
    std::string text(most, '\0');
    std::size_t size = 0;
    while (size < most) {
        const ssize_t got = read(file.get(), text.data() + size, most - size);
        if (got < 0) {
            return std::nullopt;
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    text.shrink_to_fit();
    return text;
}

std::vector<std::string> SystemEnvironment::folder_entries(const std::string& path, std::size_t most) const {
    struct Close {
        void operator()(DIR* folder) const { closedir(folder); }
    };
    std::vector<std::string> names;
    const std::unique_ptr<DIR, Close> folder(opendir(path.c_str()));
    if (folder == nullptr) {
        return names;
    }
    for (const dirent* entry = nullptr; names.size() < most && (entry = readdir(folder.get())) != nullptr;) {
        names.emplace_back(entry->d_name);
    }
    return names;
}

std::optional<std::uint8_t> SystemEnvironment::ip_protocol(const std::string& name) const {
    const protoent* const found = getprotobyname(name.c_str());
    if (found == nullptr || found->p_proto < 0 || found->p_proto > 255) {
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(found->p_proto);
}

}  // namespace sustain::parser
