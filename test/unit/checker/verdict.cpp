#include "checker/verdict.hpp"

#include <catch2/catch.hpp>

using namespace sustain::checker;
using namespace std::chrono_literals;
using Event = Verdict::Event;

namespace {

Check make_check(unsigned retry, bool alpha = false) {
    Check check;
    check.retry = retry;
    check.alpha = alpha;
    check.delay_loop = 60s;
    check.delay_before_retry = 2s;
    return check;
}

/// The table of spec/lvs.md 4.3, written down once more, as plainly as it stands there.
struct Expected {
    bool up;
    bool has_run;
    unsigned failures;
    Event event;
    sustain::core::Duration next;
};

Expected table(bool up, bool has_run, unsigned failures, unsigned retry, Outcome outcome) {
    if (outcome == Outcome::abandoned) {
        return {up, has_run, failures, Event::none, 60s};
    }
    if (outcome == Outcome::success) {
        return {true, true, 0, !up || !has_run ? Event::up : Event::none, 60s};
    }
    if (up || !has_run) {
        if (failures >= retry) {
            return {false, true, 0, Event::down, 60s};
        }
        return {up, has_run, failures + 1, Event::retrying, 2s};
    }
    return {up, has_run, failures, Event::none, 60s};
}

/// Every verdict that can come about with up to `retry` failures.
std::vector<Verdict> reachable(const Check& check) {
    std::vector<Verdict> all;
    for (Verdict verdict : {Verdict::at_start(check), Verdict::added(), Verdict::added_with_real_server(check),
                            Verdict::known(true), Verdict::known(false)}) {
        for (unsigned failures = 0; failures <= check.retry + 1; ++failures) {
            all.push_back(verdict);
            (void)verdict.apply(check, Outcome::failure);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("every verdict answers every outcome as the specification's table says") {
    unsigned compared = 0;
    for (const unsigned retry : {0U, 1U, 2U, 3U}) {
        for (const bool alpha : {false, true}) {
            const Check check = make_check(retry, alpha);
            for (const Verdict& before : reachable(check)) {
                for (const Outcome outcome : {Outcome::success, Outcome::failure, Outcome::abandoned}) {
                    Verdict after = before;
                    const auto decision = after.apply(check, outcome);
                    const Expected expected = table(before.up(), before.has_run(), before.failures(), retry, outcome);
                    INFO("up " << before.up() << " has_run " << before.has_run() << " failures " << before.failures()
                               << " retry " << retry << " outcome " << static_cast<int>(outcome));
                    CHECK(after.up() == expected.up);
                    CHECK(after.has_run() == expected.has_run);
                    CHECK(after.failures() == expected.failures);
                    CHECK(decision.event == expected.event);
                    CHECK(decision.next_attempt == expected.next);
                    ++compared;
                }
            }
        }
    }
    CHECK(compared == 2 * 3 * 5 * (2 + 3 + 4 + 5));
}

TEST_CASE("at the start of the daemon the first failure is final") {
    const bool alpha = GENERATE(false, true);
    const Check check = make_check(3, alpha);
    Verdict verdict = Verdict::at_start(check);
    CHECK(verdict.up() == !alpha);
    CHECK_FALSE(verdict.has_run());
    CHECK(verdict.apply(check, Outcome::failure) == Verdict::Decision{Event::down, 60s});
    CHECK_FALSE(verdict.up());
}

TEST_CASE("the first success is reported whatever was assumed, the second is not") {
    const bool alpha = GENERATE(false, true);
    const Check check = make_check(1, alpha);
    Verdict verdict = Verdict::at_start(check);
    CHECK(verdict.apply(check, Outcome::success) == Verdict::Decision{Event::up, 60s});
    CHECK(verdict.apply(check, Outcome::success) == Verdict::Decision{Event::none, 60s});
}

TEST_CASE("retry counts the attempts after the first failure, and a success between them starts anew") {
    const Check check = make_check(2);
    Verdict verdict = Verdict::known(true);
    CHECK(verdict.apply(check, Outcome::failure).event == Event::retrying);
    CHECK(verdict.apply(check, Outcome::failure).event == Event::retrying);
    CHECK(verdict.apply(check, Outcome::success).event == Event::none);
    CHECK(verdict.apply(check, Outcome::failure) == Verdict::Decision{Event::retrying, 2s});
    CHECK(verdict.apply(check, Outcome::failure) == Verdict::Decision{Event::retrying, 2s});
    CHECK(verdict.up());
    CHECK(verdict.apply(check, Outcome::failure) == Verdict::Decision{Event::down, 60s});
    CHECK(verdict.apply(check, Outcome::failure) == Verdict::Decision{Event::none, 60s});
    CHECK(verdict.apply(check, Outcome::success) == Verdict::Decision{Event::up, 60s});
}

TEST_CASE("an attempt that could not be made changes nothing, not even a count of failures") {
    const Check check = make_check(2);
    Verdict verdict = Verdict::known(true);
    (void)verdict.apply(check, Outcome::failure);
    const Verdict before = verdict;
    CHECK(verdict.apply(check, Outcome::abandoned) == Verdict::Decision{Event::none, 60s});
    CHECK(verdict == before);
}

TEST_CASE("a verdict survives a reload: down stays down, failures count up to the new retry") {
    const Check before = make_check(3);
    Verdict verdict = Verdict::known(true);
    (void)verdict.apply(before, Outcome::failure);
    (void)verdict.apply(before, Outcome::failure);
    CHECK(verdict.migrated_to(make_check(3)).failures() == 2);
    CHECK(verdict.migrated_to(make_check(1)).failures() == 1);
    CHECK(verdict.migrated_to(make_check(1)).up());
    CHECK(Verdict::known(false).migrated_to(before) == Verdict::known(false));
}
