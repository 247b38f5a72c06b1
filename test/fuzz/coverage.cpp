// The hooks of GCC's -fsanitize-coverage=trace-pc, for libFuzzer. It counts edges in arrays of counters, as Clang lays
// them out; GCC only says that an edge was taken, so the counters are found by a hash of the place.
#include <cstddef>
#include <cstdint>

namespace {

constexpr std::size_t kCounters = 1 << 17;
std::uint8_t counters[kCounters];

}  // namespace

extern "C" {

void __sanitizer_cov_8bit_counters_init(std::uint8_t* start, std::uint8_t* stop);

__attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_pc() {
    const auto place = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
    ++counters[place * kGolden >> 47];
}

// libFuzzer does not compare floating point numbers.
__attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_cmpf(float, float) {}
__attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_cmpd(double, double) {}

__attribute__((constructor, no_sanitize_coverage)) static void register_counters() {
    __sanitizer_cov_8bit_counters_init(counters, counters + kCounters);
}

}  // extern "C"
