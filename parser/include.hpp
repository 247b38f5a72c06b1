// Include lines: which files a pattern names and what is said when they are not there (spec/syntax.md section 8).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "parser/report.hpp"
#include "parser/source.hpp"
#include "parser/text/settings.hpp"

namespace sustain::parser {

/// An include line taken apart.
struct Include {
    IncludeChecks checks;  ///< that the keyword adds
    std::string_view pattern;
};

/// The line as an include line, if it is one: an include keyword, a blank, a pattern.
[[nodiscard]] std::optional<Include> parse_include(std::string_view text);

/// A file that was read because of a pattern.
struct OpenedFile {
    SourceFile file;
    dev_t device = 0;
    ino_t inode = 0;
};

struct Opened {
    std::vector<OpenedFile> files;  ///< in reading order
    bool failed = false;            ///< a check that is on failed: the run ends with status 6
};

/// Reads the files of an include line that stands in a file of this directory.
[[nodiscard]] Opened open_includes(std::string_view pattern, const std::string& directory, IncludeChecks checks,
                                   const Place& place, Report& report);

struct OpenedMain {
    std::vector<OpenedFile> files;  ///< empty: there is no configuration
};

/// Reads what -f names (section 17.1). With all_required, its absence is an error.
[[nodiscard]] OpenedMain open_main(const std::string& pattern, bool all_required, Report& report);

}  // namespace sustain::parser
