// Gradient and Hessian of every model's likelihood against numerical derivatives of the papers' formulas at 100 digits
// (tests/reference/data/btyd_tables.py), including alpha = beta, T = t_x and x = 0.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <concepts>
#include <filesystem>
#include <string>

#include "kundenwert/btyd/registry.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::read_table;
using kundenwert::test::table;

namespace {

template <class M>
typename M::row row_of(const table& t, const std::vector<double>& v) {
  if constexpr (spend_model<M>) {
    typename M::row row;
    row.frequency = v[t.at("frequency")];
    row.monetary_value = v[t.at("monetary_value")];
    return row;
  } else if constexpr (std::same_as<typename M::row, tenure_row>) {
    return {v[t.at("tenure")], v[t.at("ended")]};
  } else {
    return {v[t.at("frequency")], v[t.at("recency")], v[t.at("T")]};
  }
}

template <class M>
void check_table(const table& t) {
  constexpr std::size_t n = estimated_count<M>;
  for (const auto& v : t.rows) {
    std::array<numeric::dual<n>, M::parameters.size()> theta;
    for (std::size_t i = 0; i < theta.size(); ++i) {
      theta[i] = i < n ? numeric::dual<n>::variable(v[i], i) : numeric::dual<n>(v[i]);
    }
    const auto found = log_likelihood<M>(theta, row_of<M>(t, v));
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    CAPTURE(v[n]);
    CAPTURE(v[n + 1]);
    const std::size_t first = t.at("value");
    CHECK_NEAR(found.value, v[first], 1e-12, 1e-15);
    // In the logarithms of the parameters, as a fit sees them: sums of terms of the size of the value cancel.
    const double size = 1 + std::fabs(v[first]);
    for (std::size_t i = 0; i < n; ++i) {
      CAPTURE(i);
      CHECK_NEAR(found.gradient[i] * v[i], v[first + 1 + i] * v[i], 1e-11, 1e-14 * size);
    }
    for (std::size_t i = 0, k = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        CAPTURE(i);
        CAPTURE(j);
        CHECK_NEAR(found.hessian[k] * v[i] * v[j], v[first + 1 + n + k] * v[i] * v[j], 1e-10, 2e-14 * size);
      }
    }
  }
}

}  // namespace

TEST_CASE("exact derivatives of every model") {
  for (const auto& info : model_table) {
    const std::string file = "btyd_derivatives_" + std::string(info.name) + ".csv";
    CAPTURE(file);
    if (!std::filesystem::exists(std::string(KUNDENWERT_SOURCE_DIR) + "/tests/reference/data/" + file)) {
      MESSAGE("no table " << file);
      continue;
    }
    const table t = read_table(file);
    CHECK(t.rows.size() >= 40);
    visit_model(info.number, [&]<class M>(std::type_identity<M>) { check_table<M>(t); });
  }
}
