#include "tools/genhash/genhash.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "core/loop.hpp"
#include "tools/genhash/fetch.hpp"
#include "tools/genhash/options.hpp"

namespace sustain::genhash {

namespace {

void end_quietly(int) {
    std::_Exit(EXIT_SUCCESS);
}

core::Awaitable<> fetch_and_stop(core::Loop& loop, const Options& options, Fetched& fetched) {
    fetched = co_await fetch(loop, options, [](std::string_view text) { fmt::print("{}", text); });
    loop.stop();
}

}  // namespace

std::optional<Call> called(int argc, char* const argv[]) {
    if (argc < 1) {
        return std::nullopt;
    }
    const std::string_view name(argv[0]);
    if (name.substr(name.rfind('/') + 1) == "genhash") {
        return Call{.program = argv[0], .words = {argv + 1, argv + argc}};
    }
    return std::nullopt;
}

int run(const Call& call) {
    const CommandLine line = parse(call.words);
    if (!line.options) {
        if (!line.complaint.empty()) {
            fmt::print(stderr, "{}\n", line.complaint);
        }
        fmt::print(stderr, "{}", usage(call.program));
        return EXIT_FAILURE;
    }
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGINT, end_quietly);
    std::signal(SIGTERM, end_quietly);

    const core::TimePoint begin = core::now();
    Fetched fetched;
    core::Loop loop(1);
    // Each of the three outlives the coroutine: it ends the loop that this function waits for.
    core::spawn(loop, "genhash", fetch_and_stop(loop, *line.options, fetched));
    loop.run();

    if (fetched.no_data) {
        std::fflush(stdout);
        fmt::print(stderr, "no data received from remote webserver\n");
    } else {
        fmt::print("{}\n", fetched.failure.empty() ? fetched.digest : fetched.failure);
    }
    if (line.options->verbose) {
        fmt::print("\nGlobal response time for [{}] = {} usecs\n", *line.options->url, (core::now() - begin).count());
    }
    return EXIT_SUCCESS;
}

}  // namespace sustain::genhash
