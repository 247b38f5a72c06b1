// Fuzzes everything from files to configuration. The input is the main file and up to three files that it may include
// (a.conf, b.conf, c.conf), separated by lines "====". The lowest bits of the last byte choose between -t and the
// daemon, whether includes are required, and whether an explanation is wanted.
//
// SUSTAIN_FUZZ_ROOT names a folder that becomes the root folder, so that an include reaches nothing else; the corpus is
// below it. Without it, the files are written to the folder for temporary files.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "machine.hpp"
#include "outcome.hpp"
#include "parser/loader.hpp"

using namespace sustain;
using namespace sustain::parser;
using fuzz::check;

namespace {

constexpr const char* kNames[] = {"k.conf", "a.conf", "b.conf", "c.conf"};
constexpr std::string_view kMarker = "\n====\n";

void write(const char* name, std::string_view text) {
    std::FILE* const file = std::fopen(name, "we");
    check(file != nullptr, "files can be written");
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
}

void write_files(std::string_view input) {
    for (const char* const name : kNames) {
        const auto end = input.find(kMarker);
        write(name, input.substr(0, end));
        input.remove_prefix(end == std::string_view::npos ? input.size() : end + kMarker.size());
    }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    const char* const root = std::getenv("SUSTAIN_FUZZ_ROOT");
    if (root != nullptr) {
        check(chroot(root) == 0 && chdir("/") == 0, "SUSTAIN_FUZZ_ROOT is a folder, and we are root");
    }
    std::string folder = root != nullptr ? "/files-XXXXXX" : "/tmp/fuzz-XXXXXX";
    check(mkdtemp(folder.data()) != nullptr && chdir(folder.c_str()) == 0, "there is a folder for files");
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const unsigned choice = input.empty() ? 0 : data[size - 1];
    write_files(input);
    Options options{.file = "k.conf", .config_id = {}};
    options.strict = (choice & 1) != 0;
    options.all_required = (choice & 2) != 0;
    options.ignore_environment = (choice & 4) != 0;
    if ((choice & 8) != 0) {
        options.explain.emplace();
    }
    const Outcome outcome = load(options, fuzz::machine());
    fuzz::check_outcome(outcome);
    for (const std::string& text : {outcome.vrrp_text, outcome.checker_text}) {
        std::ignore = Loader::from_expanded(text, fuzz::machine()).finish();
    }
    return 0;
}
