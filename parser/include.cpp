#include "parser/include.hpp"

#include <fmt/format.h>

#include "parser/pattern.hpp"

namespace sustain::parser {

namespace {

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

std::string describe(const std::string& name, const Unreadable& problem) {
    switch (problem.kind) {
        case Unreadable::Kind::directory:
            return fmt::format("Configuration file '{}{}' is a directory - skipping", name,
                               name.ends_with('/') ? "" : "/");
        case Unreadable::Kind::irregular:
            return fmt::format("Configuration file '{}' is not a regular non-executable file - skipping", name);
        case Unreadable::Kind::unopened: break;
    }
    return fmt::format("Configuration file '{}' open problem ({}) - skipping", name, problem.reason);
}

OpenedFile opened(std::string name, const std::string& path, FileText text, bool included) {
    std::string directory = directory_of(path);
    return {.file = {.name = std::move(name),
                     .directory = std::move(directory),
                     .text = std::move(text.text),
                     .included = included},
            .device = text.device,
            .inode = text.inode};
}

}  // namespace

std::optional<Include> parse_include(std::string_view text) {
    constexpr std::string_view kKeyword = "include";
    if (!text.starts_with(kKeyword)) {
        return std::nullopt;
    }
    text.remove_prefix(kKeyword.size());
    Include result;
    if (!text.empty()) {
        switch (text.front()) {
            case 'r': result.checks = {.read = true}; break;
            case 'm': result.checks = {.read = true, .match = true}; break;
            case 'w': result.checks = {.read = true, .match = true, .wildcard_match = true}; break;
            case 'b': result.checks = {.read = true, .brace_match = true}; break;
            case 'a': result.checks = {.read = true, .match = true, .wildcard_match = true, .brace_match = true}; break;
            default: text = std::string_view(text.data() - 1, text.size() + 1);
        }
        text.remove_prefix(1);
    }
    if (text.empty() || std::string_view(" \t\n\v\f\r").find(text.front()) == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return std::nullopt;
    }
    result.pattern = text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
    return result;
}

Opened open_includes(std::string_view pattern, const std::string& directory, IncludeChecks checks, const Place& place,
                     Report& report) {
    Opened result;
    const auto complain = [&](bool fails, const std::string& message, std::string_view hint) {
        report.add(fails ? Severity::error : Severity::warning, fails ? Rank::file : Rank::none, Prefix::line, place,
                   message, hint);
        result.failed |= fails;
    };
    Matches matches = match(pattern, directory);
    if (matches.braces && matches.alternative_missing) {
        const bool none = matches.names.empty();
        complain(checks.brace_match,
                 none ? fmt::format("Config files missing '{}'.", pattern)
                      : fmt::format("Some config files missing: \"{}\".", pattern),
                 {});
        if (checks.brace_match) {
            return result;
        }
    } else if (matches.names.empty() && (!matches.wildcard || matches.directory_missing)) {
        complain(checks.match, fmt::format("Config files missing '{}'.", pattern),
                 pattern.front() == '"' ? "the name is the rest of the line as it stands: leave the quotes out" : "");
    } else if (matches.names.empty() && checks.wildcard_match) {
        complain(true, fmt::format("No config files matched '{}'.", pattern), {});
    }
    for (std::string& name : matches.names) {
        std::string path = name.starts_with('/') ? name : directory + name;
        auto text = read_file(path);
        if (!text) {
            complain(checks.read, describe(name, text.error()), {});
            continue;
        }
        result.files.push_back(opened(std::move(name), path, std::move(*text), true));
    }
    return result;
}

OpenedMain open_main(const std::string& pattern, bool all_required, Report& report) {
    OpenedMain result;
    Matches matches = match(pattern, {});
    const auto complain = [&](bool fails, const std::string& message) {
        report.add(fails ? Severity::error : Severity::warning, fails ? Rank::file : Rank::none, Prefix::none, {},
                   message);
    };
    if (matches.names.empty()) {
        if (!matches.wildcard || matches.directory_missing || matches.braces) {
            complain(all_required, fmt::format("Config files missing '{}'.", pattern));
        } else {
            // keepalived says nothing here without -e; that helps nobody
            complain(all_required, fmt::format("No config files matched '{}'.", pattern));
        }
    }
    if (matches.names.size() > 1) {
        report.error(Rank::several_files, fmt::format("WARNING, multiple configuration file matches of {}, starting "
                                                      "with {}",
                                                      pattern, matches.names.front()));
    }
    for (std::string& name : matches.names) {
        auto text = read_file(name);
        if (text) {
            std::string path = name;
            result.files.push_back(opened(std::move(name), path, std::move(*text), false));
        } else if (text.error().kind == Unreadable::Kind::unopened) {
            complain(true, fmt::format("Unable to read configuration file {}", name));
        } else {
            complain(all_required, describe(name, text.error()));
        }
    }
    return result;
}

}  // namespace sustain::parser
