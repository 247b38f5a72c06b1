#include "parser/loader.hpp"

#include <algorithm>

#include "parser/check/check.hpp"
#include "parser/check/health_check.hpp"
#include "parser/examine.hpp"
#include "parser/interpreter.hpp"
#include "parser/lines.hpp"

namespace sustain::parser {

namespace {

/// One reading of a configuration.
class Reading {
public:
    Reading(Options options, const Environment& environment, bool recover = false)
        : options_(std::move(options)),
          context_(report_, environment, options_.strict),
          lines_(sources_, report_, options_.config_id),
          interpreter_(context_, options_.keep_text, recover),
          recover_(recover) {
        if (options_.ignore_environment) {
            report_.ignore_environment();
        }
        if (options_.explain) {
            context_.record = &record_;
        }
        context_.text_settings = &lines_.settings();
    }

    void open_files() {
        if (options_.all_required) {
            lines_.settings().include_checks = {true, true, true, true};
        }
        OpenedMain main = open_main(options_.file, options_.all_required, report_);
        unusable_ = main.files.empty();
        if (main.files.size() > 1) {
            sources_.set_several_main();
        }
        lines_.open(std::move(main.files));
    }

    void open_text(std::string text) { lines_.open_expanded(std::move(text)); }

    bool step(std::size_t lines) {
        LogicalLine line;
        for (; lines > 0; --lines) {
            if (!lines_.next(line)) {
                return false;
            }
            interpreter_.interpret(line);
            ++read_;
        }
        return true;
    }

    Outcome finish() {
        constexpr std::size_t kAll = static_cast<std::size_t>(-1);
        step(kAll);
        interpreter_.finish(lines_.open_braces());
        check_virtual_servers(context_);
        const bool static_exist = check_static_addresses(context_);
        check_scripts(context_, check_interfaces_exist(context_) && static_exist);
        drop_checks_without_script(context_.draft.config.checker, context_.draft.config.ipvs);
        settle_files(context_.draft.config.checker, context_.draft.config.global.track_files);
        if (context_.draft.config.global.lvs.log_all_failures) {
            log_all_failures(context_.draft.config.checker);
        }
        check_groups(context_);
        check_instances(context_);
        context_.draft.config.vrrp.settings = context_.draft.config.global.vrrp;
        Outcome outcome;
        outcome.test_status = test_status();
        if (unusable_ || (lines_.include_failed() && !context_.parent_fatal)) {
            context_.parent_fatal = kUnusable;
        }
        outcome.parent_fatal = context_.parent_fatal;
        outcome.vrrp_fatal = context_.vrrp_fatal;
        outcome.checker_fatal = context_.checker_fatal;
        if (options_.explain) {
            outcome.explanation = explain(record_, sources_, *options_.explain);
        }
        outcome.config = std::move(context_.draft.config);
        outcome.diagnostics = report_.take();
        if (recover_) {
            leave_extra_braces(outcome.diagnostics);
        }
        outcome.vrrp_text = interpreter_.take_vrrp_text();
        outcome.checker_text = interpreter_.take_checker_text();
        return outcome;
    }

    /// Whether keepalived may have lost its way in it, and a second reading is affordable.
    [[nodiscard]] bool worth_recovering(const Outcome& outcome) const {
        constexpr std::size_t kMostLines = 1'000'000;
        return read_ < kMostLines && std::ranges::any_of(outcome.diagnostics, [](const Diagnostic& diagnostic) {
                   return diagnostic.rank >= Rank::unknown_keyword && diagnostic.rank <= Rank::missing_close;
               });
    }

private:
    /// Of those found by counting braces only the ones that are extra to the interpreter, too.
    void leave_extra_braces(std::vector<Diagnostic>& diagnostics) const {
        std::erase_if(diagnostics, [&](const Diagnostic& diagnostic) {
            return diagnostic.rank == Rank::unexpected_close &&
                   std::ranges::find(interpreter_.extra_braces(), diagnostic.location) ==
                       interpreter_.extra_braces().end();
        });
    }

    static constexpr int kUnusable = 6;
    static constexpr int kMissingParameter = 2;

    /// The ranks decide, but for three early ends of keepalived's first pass (spec/syntax.md 1.1): a missing
    /// parameter in what that pass reads, a failed include check, and only then a missing parameter elsewhere.
    [[nodiscard]] int test_status() const {
        if (context_.missing_early) {
            return kMissingParameter;
        }
        if (lines_.include_failed()) {
            return kUnusable;
        }
        if (context_.namespace_missing) {
            return 0;
        }
        return context_.missing_late ? kMissingParameter : report_.status();
    }

    Options options_;
    Sources sources_;
    Report report_{sources_};
    Record record_;
    Context context_;
    Lines lines_;
    Interpreter interpreter_;
    bool recover_;
    bool unusable_ = false;
    std::size_t read_ = 0;  ///< logical lines
};

}  // namespace

class Loader::Impl : public Reading {
public:
    using Reading::Reading;
};

Loader::Loader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Loader::Loader(Loader&&) noexcept = default;
Loader& Loader::operator=(Loader&&) noexcept = default;
Loader::~Loader() = default;

Loader::Loader(Options options, const Environment& environment)
    : impl_(std::make_unique<Impl>(std::move(options), environment)) {
    impl_->open_files();
}

Loader Loader::from_expanded(std::string text, const Environment& environment) {
    auto impl = std::make_unique<Impl>(Options{.file = {}, .config_id = {}, .keep_text = false}, environment);
    impl->open_text(std::move(text));
    return Loader(std::move(impl));
}

bool Loader::step(std::size_t lines) {
    return impl_->step(lines);
}

Outcome Loader::finish() {
    return impl_->finish();
}

Outcome load(Options options, const Environment& environment) {
    return Loader(std::move(options), environment).finish();
}

Outcome examine(Options options, const Environment& environment) {
    Reading reading(options, environment);
    reading.open_files();
    Outcome outcome = reading.finish();
    if (reading.worth_recovering(outcome)) {
        options.explain.reset();
        Reading again(std::move(options), environment, true);
        again.open_files();
        outcome.diagnostics = again.finish().diagnostics;
    }
    return outcome;
}

}  // namespace sustain::parser
