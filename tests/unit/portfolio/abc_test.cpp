#include "kundenwert/portfolio/abc.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::portfolio;

namespace {

std::string letters(const abc_result& result) {
  std::string text;
  for (const abc_class c : result.classes) text += c == abc_class::none ? "-" : std::string(name_of(c));
  return text;
}

}  // namespace

TEST_CASE("abc: the two rules (domain specification B3.1)") {
  const std::vector<double> value{500, 250, 100, 50, 40, 25, 15, 10, 6, 4};
  const abc_result crossing = classify_abc(value);
  CHECK(letters(crossing) == "aaabbbcccc");
  CHECK(letters(classify_abc(value, {.rule = abc_rule::cum_after_le})) == "aabbbccccc");
  CHECK(crossing.total == 1000);
  CHECK(crossing.a.count == 3);
  CHECK(crossing.a.value == 850);
  CHECK(crossing.a.share_of_value == 0.85);
  CHECK(crossing.a.share_of_customers == 0.3);
  CHECK(crossing.a.smallest_value == 100);
  CHECK(crossing.b.count == 3);
  CHECK(crossing.b.value == 115);
  CHECK(crossing.b.cumulated_share == 0.965);
  CHECK(crossing.b.smallest_value == 25);
  CHECK(crossing.c.count == 4);
  CHECK(crossing.c.value == 35);
  CHECK(crossing.c.cumulated_share == 1);
  CHECK(crossing.c.smallest_value == 4);
  CHECK(&crossing.of(abc_class::b) == &crossing.b);
}

TEST_CASE("abc: other thresholds") {
  const std::vector<double> value{500, 250, 100, 50, 40, 25, 15, 10, 6, 4};
  // Shares before: 0 .5 .75 .85 .9 .94 .965 .98 .99 .996
  const abc_result result = classify_abc(value, {.a_share = 0.7, .b_share = 0.9});
  CHECK(letters(result) == "aabbcccccc");
  CHECK(result.options.a_share == 0.7);
}

TEST_CASE("abc: a share exactly on a threshold, also of amounts that are no binary fractions") {
  // 0.5, 0.3, 0.15, 0.05 of 1: on .80 after the second and on .95 after the third.
  for (const double unit : {1000.0, 1.0, 0.1, 0.07, 3.3e-7}) {
    CAPTURE(unit);
    const std::vector<double> value{0.5 * unit, 0.3 * unit, 0.15 * unit, 0.05 * unit};
    CHECK(letters(classify_abc(value)) == "aabc");
    CHECK(letters(classify_abc(value, {.rule = abc_rule::cum_after_le})) == "aabc");
  }
}

TEST_CASE("abc: equal values") {
  // Shares before: 0 .25 .5 .75 .85 .9 .95; after: .25 .5 .75 .85 .9 .95 1.
  const std::vector<double> value{10, 10, 10, 4, 2, 2, 2};
  CHECK(letters(classify_abc(value)) == "aaaabbb");
  CHECK(letters(classify_abc(value, {.keep_ties = false})) == "aaaabbc");
  CHECK(letters(classify_abc(value, {.rule = abc_rule::cum_after_le})) == "aaabbbb");
  CHECK(letters(classify_abc(value, {.rule = abc_rule::cum_after_le, .keep_ties = false})) == "aaabbbc");
  const std::vector<double> equal(10, 7.0);
  CHECK(letters(classify_abc(equal)) == "aaaaaaaaaa");
  CHECK(letters(classify_abc(equal, {.keep_ties = false})) == "aaaaaaaabb");
  CHECK(letters(classify_abc(equal, {.rule = abc_rule::cum_after_le, .keep_ties = false})) == "aaaaaaaabc");
}

TEST_CASE("abc: rows without value, and of zero or less") {
  const std::vector<double> value{not_available, 90, -50, 0, 10, 5};
  const std::uint8_t bits = 0b011111;
  const abc_result result = classify_abc({value, {&bits, 0}});
  CHECK(letters(result) == "-accb-");
  CHECK(result.reasons == std::vector<reason>{reason::missing_input, reason::none, reason::negative_value,
                                              reason::negative_value, reason::none, reason::missing_input});
  CHECK(result.total == 100);
  CHECK(result.unclassified == 2);
  CHECK(result.not_positive == 2);
  CHECK(result.c.count == 2);
  CHECK(result.c.value == 0);
  CHECK(std::isnan(result.c.smallest_value));
  CHECK(result.c.share_of_customers == 0.5);
}

TEST_CASE("abc: nothing positive is not available") {
  const std::vector<double> value{0, -1, not_available};
  const abc_result result = classify_abc(value);
  CHECK(letters(result) == "---");
  CHECK(std::isnan(result.total));
  CHECK(result.unclassified == 3);
  CHECK(has(result.reasons[0], reason::total_not_positive));
  CHECK(has(result.reasons[0], reason::negative_value));
  CHECK(has(result.reasons[2], reason::missing_input));
  const abc_result empty = classify_abc(std::vector<double>{});
  CHECK(empty.classes.empty());
  CHECK(std::isnan(empty.total));
}

TEST_CASE("abc: one customer") {
  CHECK(letters(classify_abc(std::vector<double>{5})) == "a");
  CHECK(letters(classify_abc(std::vector<double>{5}, {.rule = abc_rule::cum_after_le})) == "c");
}
