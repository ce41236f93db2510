// Identities of ABC and RFM on drawn customers: the definition counted out, the order of rows, scale, limits.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "kundenwert/numeric/order.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/rfm.hpp"
#include "kundenwert/portfolio/rfm_cells.hpp"

using namespace kundenwert;
using namespace kundenwert::portfolio;

namespace {

using numbers = std::vector<double>;

struct customers {
  numbers days;
  numbers purchases;
  numbers revenue;

  // Small whole numbers, so that ties are common; a tenth without purchases.
  explicit customers(std::size_t rows, std::uint32_t seed) {
    std::mt19937 draw(seed);
    for (std::size_t i = 0; i < rows; ++i) {
      purchases.push_back(static_cast<double>(draw() % 10));
      days.push_back(static_cast<double>(draw() % 60));
      revenue.push_back(static_cast<double>(draw() % 4000) / 100 - 2);
    }
  }
  rfm_columns columns() const { return {days, purchases, revenue}; }

  customers permuted(const std::vector<std::size_t>& order) const {
    customers out(0, 0);
    for (const std::size_t i : order) {
      out.days.push_back(days[i]);
      out.purchases.push_back(purchases[i]);
      out.revenue.push_back(revenue[i]);
    }
    return out;
  }
};

std::vector<std::size_t> shuffled(std::size_t rows, std::uint32_t seed) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937 draw(seed);
  for (std::size_t i = rows; i > 1; --i) std::swap(order[i - 1], order[draw() % i]);
  return order;
}

bool same(const abc_class_total& x, const abc_class_total& y) {
  const auto equal = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  return x.count == y.count && equal(x.value, y.value) && equal(x.cumulated_share, y.cumulated_share) &&
         equal(x.smallest_value, y.smallest_value);
}

}  // namespace

TEST_CASE("consistency: ABC has the same bits for every order of rows") {
  std::mt19937 draw(11);
  numbers value;
  for (int i = 0; i < 3000; ++i)
    value.push_back(std::pow(10.0, static_cast<double>(draw() % 16)) * static_cast<double>(draw() % 97) / 96);
  for (const abc_rule rule : {abc_rule::crossing_included, abc_rule::cum_after_le}) {
    const abc_result first = classify_abc(value, {.rule = rule});
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
      const auto order = shuffled(value.size(), seed);
      numbers moved;
      for (const std::size_t i : order) moved.push_back(value[i]);
      const abc_result again = classify_abc(moved, {.rule = rule});
      CHECK(again.total == first.total);
      CHECK(same(again.a, first.a));
      CHECK(same(again.b, first.b));
      CHECK(same(again.c, first.c));
      for (std::size_t i = 0; i < order.size(); ++i) REQUIRE(again.classes[i] == first.classes[order[i]]);
    }
  }
}

TEST_CASE("consistency: ABC against its definition, in whole numbers") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::mt19937 draw(seed);
    const std::size_t rows = 1 + draw() % 40;
    std::vector<std::int64_t> cents;
    numbers value;
    for (std::size_t i = 0; i < rows; ++i) {
      cents.push_back(static_cast<std::int64_t>(draw() % 30) - 3);
      value.push_back(static_cast<double>(cents.back()) / 100);
    }
    std::int64_t total = 0;
    for (const std::int64_t v : cents) total += std::max<std::int64_t>(v, 0);
    if (total == 0) continue;
    for (const abc_rule rule : {abc_rule::crossing_included, abc_rule::cum_after_le}) {
      for (const bool keep_ties : {true, false}) {
        const abc_result result = classify_abc(value, {.rule = rule, .keep_ties = keep_ties});
        for (std::size_t i = 0; i < rows; ++i) {
          abc_class expected = abc_class::c;
          if (cents[i] > 0) {
            // The row itself, or with keep_ties the first of its equals, in the order of values and rows.
            std::int64_t before = 0;
            for (std::size_t j = 0; j < rows; ++j) {
              if (cents[j] > cents[i] || (!keep_ties && cents[j] == cents[i] && j < i)) before += cents[j];
            }
            const std::int64_t after = before + cents[i];
            if (rule == abc_rule::crossing_included) {
              if (100 * before < 95 * total) expected = abc_class::b;
              if (100 * before < 80 * total) expected = abc_class::a;
            } else {
              if (100 * after <= 95 * total) expected = abc_class::b;
              if (100 * after <= 80 * total) expected = abc_class::a;
            }
          }
          CAPTURE(seed);
          CAPTURE(i);
          REQUIRE(result.classes[i] == expected);
        }
        CHECK(result.a.count + result.b.count + result.c.count == static_cast<std::int64_t>(rows));
      }
    }
  }
}

TEST_CASE("consistency: ABC does not depend on the currency's unit") {
  std::mt19937 draw(5);
  numbers value;
  for (int i = 0; i < 500; ++i) value.push_back(static_cast<double>(draw() % 10000) / 100);
  const abc_result first = classify_abc(value);
  for (const double factor : {1e-12, 0.001, 100.0, 1e12}) {
    numbers scaled;
    for (const double v : value) scaled.push_back(v * factor);
    CHECK(classify_abc(scaled).classes == first.classes);
  }
}

TEST_CASE("consistency: quantile scores are 1 + floor(K b / n), counted out") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const customers base(1 + seed * 7, seed);
    const std::int32_t classes = 1 + static_cast<std::int32_t>(seed % 12);
    const rfm_result result =
        classify_rfm(base.columns(), {.r_classes = classes, .f_classes = classes, .m_classes = classes});
    const std::size_t rows = base.days.size();
    for (std::size_t i = 0; i < rows; ++i) {
      if (base.purchases[i] == 0) {
        REQUIRE(result.r_score[i] == 0);
        continue;
      }
      std::int64_t r = 0;
      std::int64_t f = 0;
      std::int64_t m = 0;
      for (std::size_t j = 0; j < rows; ++j) {
        if (base.purchases[j] == 0) continue;
        r += base.days[j] > base.days[i] ? 1 : 0;
        f += base.purchases[j] < base.purchases[i] ? 1 : 0;
        m += base.revenue[j] < base.revenue[i] ? 1 : 0;
      }
      REQUIRE(result.r_score[i] == 1 + classes * r / result.scored);
      REQUIRE(result.f_score[i] == 1 + classes * f / result.scored);
      REQUIRE(result.m_score[i] == 1 + classes * m / result.scored);
    }
  }
}

TEST_CASE("consistency: nested scores are quantile scores of each group alone") {
  const customers base(700, 3);
  const rfm_result nested =
      classify_rfm(base.columns(), {.method = rfm_method::nested, .f_classes = 4, .m_classes = 3});
  CHECK(nested.r_score == classify_rfm(base.columns()).r_score);
  for (std::int32_t r = 1; r <= 5; ++r) {
    customers group(0, 0);
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < base.days.size(); ++i) {
      if (nested.r_score[i] != r) continue;
      rows.push_back(i);
    }
    group = base.permuted(rows);
    const rfm_result alone = classify_rfm(group.columns(), {.f_classes = 4});
    for (std::size_t k = 0; k < rows.size(); ++k) REQUIRE(nested.f_score[rows[k]] == alone.f_score[k]);
    for (std::int32_t f = 1; f <= 4; ++f) {
      std::vector<std::size_t> cell;
      for (const std::size_t i : rows) {
        if (nested.f_score[i] == f) cell.push_back(i);
      }
      const customers inner = base.permuted(cell);
      const rfm_result last = classify_rfm(inner.columns(), {.m_classes = 3});
      for (std::size_t k = 0; k < cell.size(); ++k) REQUIRE(nested.m_score[cell[k]] == last.m_score[k]);
    }
  }
}

TEST_CASE("consistency: ntile is the bucket in a stable order") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    customers base(1 + seed * 5, seed);
    for (double& p : base.purchases) p += 1;
    const std::int32_t classes = 1 + static_cast<std::int32_t>(seed % 9);
    const rfm_result result =
        classify_rfm(base.columns(), {.method = rfm_method::ntile, .r_classes = classes, .m_classes = classes});
    const auto check = [&](const numbers& values, numeric::sort_direction worst_first, const auto& scores) {
      const auto order = numeric::stable_order(values, worst_first);
      const auto rows = static_cast<std::int64_t>(values.size());
      std::size_t place = 0;
      for (std::int32_t score = 1; score <= classes; ++score) {
        const std::int64_t size = rows / classes + (score <= rows % classes ? 1 : 0);
        for (std::int64_t k = 0; k < size; ++k, ++place) {
          REQUIRE(scores[static_cast<std::size_t>(order[place])] == score);
        }
      }
    };
    check(base.days, numeric::sort_direction::descending, result.r_score);
    check(base.revenue, numeric::sort_direction::ascending, result.m_score);
  }
}

TEST_CASE("consistency: RFM does not depend on the order of rows") {
  const customers base(900, 8);
  const numbers r_edges{10, 20, 40};
  const numbers f_edges{2, 5};
  const numbers m_edges{0, 10};
  for (const rfm_method method :
       {rfm_method::quantile, rfm_method::nested, rfm_method::fixed, rfm_method::compat_rfm}) {
    CAPTURE(name_of(method));
    const rfm_options options{.method = method, .r_edges = r_edges, .f_edges = f_edges, .m_edges = m_edges};
    const rfm_result first = classify_rfm(base.columns(), options);
    const auto order = shuffled(base.days.size(), 21);
    const customers moved = base.permuted(order);
    const rfm_result again = classify_rfm(moved.columns(), options);
    CHECK(again.r.edges == first.r.edges);
    CHECK(again.r.counts == first.r.counts);
    CHECK(again.m.counts == first.m.counts);
    for (std::size_t i = 0; i < order.size(); ++i) {
      REQUIRE(again.score(static_cast<std::int64_t>(i)) == first.score(static_cast<std::int64_t>(order[i])));
    }
  }
}

TEST_CASE("consistency: scores are monotone and the counts add up") {
  const customers base(400, 4);
  for (const rfm_method method : {rfm_method::quantile, rfm_method::ntile, rfm_method::compat_rfm}) {
    const rfm_result result = classify_rfm(base.columns(), {.method = method});
    for (std::size_t i = 0; i < base.days.size(); ++i) {
      for (std::size_t j = 0; j < base.days.size(); ++j) {
        if (result.r_score[i] == 0 || result.r_score[j] == 0) continue;
        if (base.days[i] < base.days[j]) REQUIRE(result.r_score[i] >= result.r_score[j]);
        if (base.revenue[i] > base.revenue[j]) REQUIRE(result.m_score[i] >= result.m_score[j]);
      }
    }
    std::int64_t in_cells = 0;
    for (const rfm_cell& cell : occupied_cells(result)) in_cells += cell.count;
    CHECK(in_cells == result.scored);
    CHECK(std::accumulate(result.f.counts.begin(), result.f.counts.end(), std::int64_t{0}) == result.scored);
  }
}

TEST_CASE("consistency: quantiles of type 7 by selection and by sorting are the same bits") {
  std::mt19937 draw(2);
  for (int n = 1; n < 60; ++n) {
    numbers values;
    for (int i = 0; i < n; ++i) values.push_back(static_cast<double>(draw() % 1000) / 7);
    numbers sorted = values;
    std::sort(sorted.begin(), sorted.end());
    numbers probabilities;
    for (int i = 0; i <= 40; ++i) probabilities.push_back(i / 40.0);
    const numbers found = numeric::quantiles(values, probabilities);
    for (std::size_t i = 0; i < found.size(); ++i) {
      REQUIRE(found[i] == numeric::quantile_of_sorted(sorted, probabilities[i]));
      if (i > 0) REQUIRE(found[i] >= found[i - 1]);
    }
  }
}
