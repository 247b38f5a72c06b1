// Reads a configuration: files -> logical lines -> words -> keyword tables -> typed values -> checks. In one pass and
// in linear time; a caller with other things to do lets it breathe by asking for some lines at a time.
//
//     Loader loader(options, environment);
//     while (loader.step(2000)) { … let the event loop run … }
//     Outcome outcome = loader.finish();
//
// Whatever the files hold, this neither throws nor ends the process: everything there is to say is in the outcome.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parser/config.hpp"
#include "parser/diagnostic.hpp"
#include "parser/environment.hpp"
#include "parser/explain.hpp"

namespace sustain::parser {

struct Options {
    std::string file;                 ///< -f: a pattern (spec/syntax.md 8.2)
    std::string config_id;            ///< -i
    bool all_required = false;        ///< -e: all include checks are on
    bool strict = false;              ///< -t: numbers with trailing text are refused (spec/syntax.md 14.3)
    bool keep_text = true;            ///< make the slices of the children
    bool ignore_environment = false;  ///< what this machine lacks is no error
    std::optional<ExplainOptions> explain = std::nullopt;  ///< wanted: the explanation
};

enum class Part : std::uint8_t { vrrp, checker };

struct Outcome {
    Config config;
    std::vector<Diagnostic> diagnostics;  ///< in file order, each problem once
    int test_status = 0;                  ///< the exit status of -t (spec/syntax.md 16.1, 17.1)
    // With which status the daemon must end (at a reload: why it must refuse): 6 main file unusable or failed include
    // check, 2 what spec/syntax.md 18 lists.
    std::optional<int> parent_fatal;   ///< whatever children are to run
    std::optional<int> vrrp_fatal;     ///< concerns only a daemon that runs the VRRP child
    std::optional<int> checker_fatal;  ///< likewise the checker child
    /// The part of the configuration that each child needs, expanded: one logical line a line, for from_expanded().
    std::string vrrp_text;
    std::string checker_text;
    std::string explanation;  ///< if it was asked for
};

class Loader {
public:
    /// Opens and reads the main file. The environment must outlive the loader.
    Loader(Options options, const Environment& environment);
    /// From a slice made by an Outcome: nothing in it is expanded once more.
    [[nodiscard]] static Loader from_expanded(std::string text, const Environment& environment);

    Loader(Loader&&) noexcept;
    Loader& operator=(Loader&&) noexcept;
    ~Loader();

    /// Interprets about so many more logical lines. False: there are no more.
    bool step(std::size_t lines);
    /// Interprets what is left, makes the checks of the whole, and hands everything over. To be called once.
    [[nodiscard]] Outcome finish();

private:
    class Impl;
    explicit Loader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// All of it at once.
[[nodiscard]] Outcome load(Options options, const Environment& environment);

}  // namespace sustain::parser
