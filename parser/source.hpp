// The files of a configuration as they were read: each opened file has a number, its name as the pattern matched it,
// and its bytes, which everything made of them points into.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <expected>
#include <string>

#include "parser/text/expansions.hpp"

namespace sustain::parser {

struct SourceFile {
    std::string name;       ///< for messages: as the pattern matched it
    std::string directory;  ///< of the file, "/"-terminated or empty: what relative names in it refer to
    std::string text;
    bool included = false;  ///< not the main file
    Location include = {};  ///< of the include line
};

class Sources {
public:
    [[nodiscard]] std::uint32_t add(SourceFile file) {
        files_.push_back(std::move(file));
        return static_cast<std::uint32_t>(files_.size() - 1);
    }
    [[nodiscard]] const SourceFile& operator[](std::uint32_t number) const { return files_[number]; }
    [[nodiscard]] std::size_t size() const { return files_.size(); }
    [[nodiscard]] Expansions& expansions() { return expansions_; }
    [[nodiscard]] const Expansions& expansions() const { return expansions_; }

    /// -f matched several files: lines of the main file are then reported with its name.
    void set_several_main() { several_main_ = true; }
    [[nodiscard]] bool several_main() const { return several_main_; }

private:
    std::deque<SourceFile> files_;
    Expansions expansions_;
    bool several_main_ = false;
};

/// Why a file is not read (spec/syntax.md 8.2).
struct Unreadable {
    enum class Kind : std::uint8_t { directory, irregular, unopened } kind = Kind::unopened;
    std::string reason;  ///< of the system, for unopened
};

/// A file's bytes and what makes it the same file under another name.
struct FileText {
    std::string text;
    dev_t device = 0;
    ino_t inode = 0;
};

/// Reads a regular file without execute permission bits, following symbolic links.
[[nodiscard]] std::expected<FileText, Unreadable> read_file(const std::string& path);

}  // namespace sustain::parser
