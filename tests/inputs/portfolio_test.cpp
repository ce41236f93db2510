#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/numeric/order.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/rfm.hpp"
#include "kundenwert/portfolio/rfm_cells.hpp"

using namespace kundenwert;
using namespace kundenwert::portfolio;
using kundenwert::test::check_error;

namespace {

using numbers = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("abc inputs: thresholds, rule and values") {
  const numbers value{3, 2, 1};
  for (const double share : {0.0, 1.0, -0.1, 1.1}) {
    check_error([&] { classify_abc(value, {.a_share = share}); }, error_code::domain, "a_share");
  }
  for (const double share : {0.8, 0.7, 1.0, 2.0}) {
    check_error([&] { classify_abc(value, {.b_share = share}); }, error_code::domain, "b_share");
  }
  check_error([&] { classify_abc(value, {.a_share = not_available}); }, error_code::missing, "a_share");
  check_error([&] { classify_abc(value, {.b_share = infinity}); }, error_code::non_finite, "b_share");
  check_error([&] { classify_abc(value, {.rule = static_cast<abc_rule>(3)}); }, error_code::unknown_code, "rule");
  check_error(
      [&] {
        classify_abc(numbers{1, 2, -infinity, infinity}, {}, "revenue");
      },
      error_code::non_finite, "revenue", 2);
  check_error([&] { classify_abc(numbers(3, 1e308)); }, error_code::overflow, "value");
  check_error([&] { classify_abc(value).of(abc_class::none); }, error_code::unknown_code, "class");
}

TEST_CASE("rfm inputs: lengths") {
  const numbers three{1, 2, 3};
  const numbers two{1, 2};
  check_error([&] { classify_rfm({two, three, three}); }, error_code::length_mismatch, "days_since_purchase");
  check_error([&] { classify_rfm({three, three, two}); }, error_code::length_mismatch, "revenue");
  check_error([&] { classify_rfm({three, two, two}); }, error_code::length_mismatch, "days_since_purchase");
  check_error([&] { classify_rfm({three, three, {}}); }, error_code::length_mismatch, "revenue");
}

TEST_CASE("rfm inputs: values name their column and the first row") {
  const numbers days{1, 2, 3};
  const numbers purchases{1, 1, 2};
  const numbers revenue{9, 9, 9};
  check_error(
      [&] {
        classify_rfm({numbers{1, not_available, not_available}, purchases, revenue});
      },
      error_code::missing, "days_since_purchase", 1);
  check_error(
      [&] {
        classify_rfm({numbers{1, 2, -1}, purchases, revenue});
      },
      error_code::sign, "days_since_purchase", 2);
  check_error(
      [&] {
        classify_rfm({numbers{infinity, 2, 1}, numbers{0, 1, 1}, revenue});
      },
      error_code::non_finite, "days_since_purchase", 0);
  check_error(
      [&] {
        classify_rfm({days, numbers{1, not_available, 1}, revenue});
      },
      error_code::missing, "purchase_days", 1);
  check_error([&] { classify_rfm({days, numbers{1, 1, -1}, revenue}); }, error_code::sign, "purchase_days", 2);
  check_error([&] { classify_rfm({days, numbers{1.5, 1, 1}, revenue}); }, error_code::not_integer, "purchase_days", 0);
  check_error(
      [&] {
        classify_rfm({days, numbers{1, infinity, 1}, revenue});
      },
      error_code::non_finite, "purchase_days", 1);
  check_error([&] { classify_rfm({days, purchases, numbers{1, -infinity, 1}}); }, error_code::non_finite, "revenue", 1);
  const std::uint8_t bits = 0b101;
  check_error([&] { classify_rfm({days, {purchases, {&bits, 0}}, revenue}); }, error_code::missing, "purchase_days", 1);
  check_error(
      [&] {
        classify_rfm({{days, {&bits, 0}}, purchases, revenue});
      },
      error_code::missing, "days_since_purchase", 1);
}

TEST_CASE("rfm inputs: classes, edges, methods, weights") {
  const numbers one{1};
  for (const std::int32_t classes : {0, -1, 101}) {
    check_error([&] { classify_rfm({one, one, one}, {.r_classes = classes}); }, error_code::domain, "r_classes");
    check_error([&] { classify_rfm({one, one, one}, {.f_classes = classes}); }, error_code::domain, "f_classes");
    check_error([&] { classify_rfm({one, one, one}, {.m_classes = classes}); }, error_code::domain, "m_classes");
  }
  for (const std::int32_t number : {0, 6}) {
    check_error([&] { classify_rfm(rfm_columns{}, {.method = static_cast<rfm_method>(number)}); },
                error_code::unknown_code, "method");
  }
  const numbers good{1, 2};
  const auto with_edges = [&](const numbers& r, const numbers& f, const numbers& m) {
    return [&, r, f, m] {
      classify_rfm({one, one, one}, {.method = rfm_method::fixed, .r_edges = r, .f_edges = f, .m_edges = m});
    };
  };
  check_error(with_edges({}, good, good), error_code::empty, "r_edges");
  check_error(with_edges(good, {}, good), error_code::empty, "f_edges");
  check_error(with_edges(good, good, {}), error_code::empty, "m_edges");
  check_error(with_edges({1, 1}, good, good), error_code::domain, "r_edges", 1);
  check_error(with_edges(good, {1, 2, 1}, good), error_code::domain, "f_edges", 2);
  check_error(with_edges(good, good, {not_available}), error_code::missing, "m_edges", 0);
  check_error(with_edges(good, good, {1, infinity}), error_code::non_finite, "m_edges", 1);
  numbers many;
  for (int i = 0; i < 100; ++i) many.push_back(i);
  check_error(with_edges(many, good, good), error_code::domain, "r_edges");
  const rfm_result result = classify_rfm({one, one, one});
  check_error([&] { score_on(result.r, 1, 1); }, error_code::domain, "group");
  check_error([&] { score_on(result.r, 1, -1); }, error_code::domain, "group");
  check_error([&] { combined_scores(result, {.r = not_available}); }, error_code::missing, "weights.r");
  check_error([&] { combined_scores(result, {.f = infinity}); }, error_code::non_finite, "weights.f");
}

TEST_CASE("order inputs") {
  using namespace kundenwert::numeric;
  const numbers values{1, 2};
  check_error([&] { quantiles(values, numbers{1.5}); }, error_code::domain, "probability");
  check_error([&] { quantiles(values, numbers{not_available}); }, error_code::missing, "probability");
  check_error(
      [&] {
        quantiles(numbers{1, not_available}, numbers{0.5}, "revenue");
      },
      error_code::missing, "revenue", 1);
  check_error([&] { quantiles({}, numbers{0.5}); }, error_code::empty, "values");
  check_error([&] { quantile_of_sorted({}, 0.5); }, error_code::empty, "values");
  check_error([&] { quantile_of_sorted(values, -0.1); }, error_code::domain, "probability");
  check_error([&] { ranks(numbers{infinity}); }, error_code::non_finite, "values", 0);
  check_error([&] { ranks(values, static_cast<rank_ties>(0)); }, error_code::unknown_code, "ties");
  check_error([&] { stable_order(values, static_cast<sort_direction>(3)); }, error_code::unknown_code, "direction");
  numbers scratch{1, 2};
  check_error([&] { select_places(scratch, std::vector<std::int64_t>{2}); }, error_code::domain, "places", 0);
  check_error([&] { select_places(scratch, std::vector<std::int64_t>{1, 0}); }, error_code::domain, "places", 1);
}
