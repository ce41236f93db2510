#include "kundenwert/portfolio/rfm.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace kundenwert;
using namespace kundenwert::portfolio;

namespace {

using numbers = std::vector<double>;
using scores = std::vector<std::int32_t>;
using counts = std::vector<std::int64_t>;

// The example of the domain specification B3.3; revenue is ours.
const numbers days{3, 10, 10, 25, 40, 60, 90, 120, 200, 365};
const numbers purchases{12, 9, 7, 7, 5, 4, 3, 2, 1, 1};
const numbers revenue{900, 800, 700, 600, 500, 400, 300, 200, 100, 50};

}  // namespace

TEST_CASE("rfm: quantile scores (domain specification B3.3)") {
  const rfm_result result = classify_rfm({days, purchases, revenue});
  CHECK(result.r_score == scores{5, 4, 4, 4, 3, 3, 2, 2, 1, 1});
  CHECK(result.f_score == scores{5, 5, 4, 4, 3, 3, 2, 2, 1, 1});
  CHECK(result.m_score == scores{5, 5, 4, 4, 3, 3, 2, 2, 1, 1});
  CHECK(result.r.counts == counts{2, 2, 2, 3, 1});
  CHECK(result.scored == 10);
  CHECK(result.unscored == 0);
  // The last value of each lower score: 200, 90, 40, 10 days.
  CHECK(result.r.edges == numbers{10, 40, 90, 200});
  CHECK(result.f.edges == numbers{1, 3, 5, 7});
}

TEST_CASE("rfm: fixed edges (domain specification B3.3)") {
  const numbers r_edges{30, 90, 180, 365};
  const numbers f_edges{2, 5};
  const numbers m_edges{0, 250, 700};
  const rfm_result result =
      classify_rfm({days, purchases, revenue},
                   {.method = rfm_method::fixed, .r_edges = r_edges, .f_edges = f_edges, .m_edges = m_edges});
  CHECK(result.r_score == scores{5, 5, 5, 5, 4, 4, 4, 3, 2, 2});
  // F, M >= edge
  CHECK(result.f_score == scores{3, 3, 3, 3, 3, 2, 2, 2, 1, 1});
  CHECK(result.m_score == scores{4, 4, 4, 3, 3, 3, 3, 2, 2, 2});
  CHECK(result.r.counts == counts{0, 2, 1, 3, 4});
  CHECK(result.r.classes == 5);
  CHECK(result.f.classes == 3);
}

TEST_CASE("rfm: quantiles within quantiles") {
  // Two R classes of four; F halves each; M halves each of these.
  const numbers r{9, 9, 9, 9, 1, 1, 1, 1};
  const numbers f{1, 2, 3, 4, 10, 20, 30, 40};
  const numbers m{1, 2, 9, 8, 5, 6, 3, 4};
  const rfm_result result =
      classify_rfm({r, f, m}, {.method = rfm_method::nested, .r_classes = 2, .f_classes = 2, .m_classes = 2});
  CHECK(result.r_score == scores{1, 1, 1, 1, 2, 2, 2, 2});
  CHECK(result.f_score == scores{1, 1, 2, 2, 1, 1, 2, 2});
  CHECK(result.m_score == scores{1, 2, 2, 1, 1, 2, 1, 2});
  CHECK(result.f.edges == numbers{2, 20});
  CHECK(result.m.edges == numbers{1, 8, 5, 3});
  CHECK(score_on(result.f, 15, 0) == 2);
  CHECK(score_on(result.f, 15, 1) == 1);
}

TEST_CASE("rfm: a group without customers has no edges") {
  // All days are equal: everyone shares R score 1, groups 2 to 5 are empty.
  const numbers r(10, 30.0);
  const rfm_result result = classify_rfm({r, purchases, revenue}, {.method = rfm_method::nested});
  CHECK(result.r_score == scores(10, 1));
  CHECK(result.f_score == scores{5, 5, 4, 4, 3, 3, 2, 2, 1, 1});
  CHECK(score_on(result.f, 100, 0) == 5);
  CHECK(score_on(result.f, 100, 1) == 0);
}

TEST_CASE("rfm: ntile parts equal customers by row") {
  const numbers r(7, 5.0);
  const numbers f{1, 1, 1, 1, 1, 1, 2};
  const numbers m{1, 2, 3, 4, 5, 6, 7};
  const rfm_result result =
      classify_rfm({r, f, m}, {.method = rfm_method::ntile, .r_classes = 3, .f_classes = 3, .m_classes = 10});
  CHECK(result.r_score == scores{1, 1, 1, 2, 2, 3, 3});
  CHECK(result.f_score == scores{1, 1, 1, 2, 2, 3, 3});
  // Fewer customers than classes: the highest stay empty.
  CHECK(result.m_score == scores{1, 2, 3, 4, 5, 6, 7});
  CHECK(result.m.counts == counts{1, 1, 1, 1, 1, 1, 1, 0, 0, 0});
}

TEST_CASE("rfm: customers without purchase or revenue have no score and shape no quantile") {
  const numbers r{3, not_available, 30, 300, 5};
  const numbers f{4, 0, 2, 1, 9};
  const numbers m{40, 0, 20, -10, not_available};
  const rfm_result result = classify_rfm({r, f, m}, {.r_classes = 3, .f_classes = 3, .m_classes = 3});
  CHECK(result.r_score == scores{3, 0, 2, 1, 0});
  CHECK(result.f_score == scores{3, 0, 2, 1, 0});
  CHECK(result.m_score == scores{3, 0, 2, 1, 0});
  CHECK(result.reasons ==
        std::vector<reason>{reason::none, reason::no_purchases, reason::none, reason::none, reason::missing_input});
  CHECK(result.scored == 3);
  CHECK(result.unscored == 2);
  CHECK(result.revenue_not_positive == 1);
  CHECK(result.score(0) == rfm_score{3, 3, 3});
  CHECK(result.score(1) == rfm_score{});
}

TEST_CASE("rfm: more classes than customers, one class, no customers") {
  const rfm_result many = classify_rfm({numbers{5, 9}, numbers{2, 1}, numbers{1, 2}}, {.r_classes = 100});
  CHECK(many.r_score == scores{51, 1});
  CHECK(many.r.edges.size() == 99);
  const rfm_result one = classify_rfm({days, purchases, revenue}, {.r_classes = 1, .f_classes = 1, .m_classes = 1});
  CHECK(one.m_score == scores(10, 1));
  CHECK(one.m.edges.empty());
  for (const rfm_method method :
       {rfm_method::quantile, rfm_method::nested, rfm_method::ntile, rfm_method::compat_rfm}) {
    const rfm_result none = classify_rfm(rfm_columns{}, {.method = method});
    CHECK(none.size() == 0);
    CHECK(none.r.counts == counts(5, 0));
  }
}

TEST_CASE("rfm: a new customer on a scale made earlier") {
  const rfm_result result = classify_rfm({days, purchases, revenue});
  for (std::int64_t row = 0; row < result.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    CHECK(score_on(result.r, days[i]) == result.r_score[i]);
    CHECK(score_on(result.m, revenue[i]) == result.m_score[i]);
  }
  CHECK(score_on(result.r, 0) == 5);
  CHECK(score_on(result.r, 1000) == 1);
}

TEST_CASE("rfm: which side of an edge") {
  const numbers edges{10, 20};
  CHECK(score_among(10, edges, better::more, edge_class::better) == 2);
  CHECK(score_among(10, edges, better::more, edge_class::worse) == 1);
  CHECK(score_among(10, edges, better::less, edge_class::better) == 3);
  CHECK(score_among(10, edges, better::less, edge_class::worse) == 2);
}
