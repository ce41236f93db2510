// The log-likelihood of observations in the coordinates of a search, with exact gradient and Hessian from the model's
// one kernel.
//
// A point is the logarithms of the estimated parameters of scaled rows, followed by the coefficients of centred
// covariates:
//   ln theta_p,i = u_p + sign sum_c gamma_c z_ic
// so that derivatives in (u, gamma) are those in ln theta_i times a constant matrix for each pattern of covariates.
//
// symbol | name         | meaning
// K      | estimated_count<M>   parameters that are estimated
// C      | coefficients of covariates
// P      | size         | K + C
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/btyd/effects.hpp"
#include "kundenwert/btyd/observations.hpp"
#include "kundenwert/numeric/dual.hpp"
#include "kundenwert/numeric/minimize.hpp"

namespace kundenwert::btyd {

// What is summed over rows: a value with its gradient (order 1) and the lower triangle of its Hessian (order 2) in the
// P coordinates.
struct derivative_sum {
  double value = 0;
  std::vector<double> gradient;
  std::vector<double> hessian;

  explicit derivative_sum(std::size_t size = 0, int order = 2)
      : gradient(order >= 1 ? size : 0, 0.0), hessian(order >= 2 ? size * (size + 1) / 2 : 0, 0.0) {}
  derivative_sum& operator+=(const derivative_sum& other) {
    value += other.value;
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += other.gradient[i];
    for (std::size_t i = 0; i < hessian.size(); ++i) hessian[i] += other.hessian[i];
    return *this;
  }
};

template <class M>
class likelihood {
 public:
  static constexpr std::size_t estimated = estimated_count<M>;
  using scalar = numeric::dual<estimated>;

  // whole: the value of a parameter that is chosen, not estimated (k); unused without one.
  likelihood(const observations<M>& data, const effect_map& effects, int whole = 1)
      : data_(data), effects_(effects), whole_(whole) {}

  std::size_t size() const { return estimated + effects_.coefficients.size(); }
  const observations<M>& data() const { return data_; }

  // -ln L of the scaled rows without the interval term, at a point.
  numeric::objective_value negative(std::span<const double> point, int threads) const {
    const std::size_t n = size();
    const derivative_sum sum = sum_of_rows<scalar>(point, threads);
    numeric::objective_value out;
    out.value = -sum.value;
    out.gradient.resize(n);
    out.hessian.resize(n * n);
    for (std::size_t i = 0, k = 0; i < n; ++i) {
      out.gradient[i] = -sum.gradient[i];
      for (std::size_t j = 0; j <= i; ++j, ++k) out.hessian[i * n + j] = out.hessian[j * n + i] = -sum.hessian[k];
    }
    return out;
  }

  // ln L of the scaled rows without the interval term, and its gradient unless that is empty: at a third and less of
  // the cost of the Hessian.
  double value(std::span<const double> point, std::span<double> gradient, int threads) const {
    if (gradient.empty()) return sum_of_rows<double>(point, threads).value;
    const auto sum = sum_of_rows<numeric::dual<estimated, 1>>(point, threads);
    std::copy(sum.gradient.begin(), sum.gradient.end(), gradient.begin());
    return sum.value;
  }

  // sum of weight * g g' over rows, g the gradient of a row's log-likelihood at a point: the middle of the sandwich.
  std::vector<double> score_products(std::span<const double> point) const {
    const std::size_t n = size();
    std::vector<double> out(n * n, 0.0);
    std::size_t known = no_pattern;
    std::array<scalar, M::parameters.size()> theta;
    for (std::size_t i = 0; i < data_.rows.size(); ++i) {
      const std::size_t pattern = data_.pattern_of(i);
      if (pattern != known) theta = parameters_at<scalar>(point, known = pattern);
      const scalar term = M::count_term(theta, count_of(data_.rows[i])) + M::row_term(theta, data_.rows[i]);
      derivative_sum score(n);
      add_pattern(term, theta, pattern, score);
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t k = 0; k < n; ++k) out[j * n + k] += data_.weight[i] * score.gradient[j] * score.gradient[k];
      }
    }
    return out;
  }

  // What the intervals add to ln L of the scaled rows.
  double interval_term() const {
    if constexpr (reads_intervals<M>) {
      parameter_values<M> theta{};
      theta.back() = whole_;
      return M::interval_term(theta, data_.log_interval_sum);
    } else {
      return 0;
    }
  }

 private:
  static constexpr std::size_t no_pattern = static_cast<std::size_t>(-1);

  // Of derivatives that a scalar carries.
  template <class S>
  static constexpr int order_of() {
    if constexpr (std::is_same_v<S, double>) {
      return 0;
    } else {
      return S::order;
    }
  }

  // Sum over all rows, with the derivatives that the scalar carries.
  template <class S>
  derivative_sum sum_of_rows(std::span<const double> point, int threads) const {
    derivative_sum sum = weighted_sum<S>(
        point, threads, data_.rows,
        [&](std::size_t i, const auto& theta) { return data_.weight[i] * M::row_term(theta, data_.rows[i]); },
        [&](std::size_t i) { return data_.pattern_of(i); });
    sum += weighted_sum<S>(
        point, threads, data_.runs,
        [&](std::size_t i, const auto& theta) {
          return data_.runs[i].weight * M::count_term(theta, data_.runs[i].count);
        },
        [&](std::size_t i) { return data_.runs[i].pattern; });
    return sum;
  }

  // Parameters of the customers of a pattern, as variables.
  template <class S>
  std::array<S, M::parameters.size()> parameters_at(std::span<const double> point, std::size_t pattern) const {
    std::array<double, M::parameters.size()> log_theta{};
    for (std::size_t p = 0; p < estimated; ++p) log_theta[p] = point[p];
    for (const auto& l : effects_.links) {
      log_theta[l.parameter] += l.sign * point[estimated + l.coefficient] * data_.covariates[l.covariate][pattern];
    }
    std::array<S, M::parameters.size()> theta;
    for (std::size_t p = 0; p < theta.size(); ++p) {
      theta[p] = S(p < estimated ? std::exp(log_theta[p]) : whole_);
      if constexpr (order_of<S>() > 0) {
        if (p < estimated) theta[p].gradient[p] = 1;
      }
    }
    return theta;
  }

  // Adds the sum of a pattern's rows. d / d ln theta_p = theta_p d / d theta_p; a coefficient's derivative is the sum
  // over its links of sign z times that.
  void add_pattern(double sum, const std::array<double, M::parameters.size()>&, std::size_t,
                   derivative_sum& out) const {
    out.value += sum;
  }
  void add_pattern(const numeric::dual<estimated, 1>& sum,
                   const std::array<numeric::dual<estimated, 1>, M::parameters.size()>& theta, std::size_t pattern,
                   derivative_sum& out) const {
    out.value += sum.value;
    for (std::size_t i = 0; i < estimated; ++i) out.gradient[i] += theta[i].value * sum.gradient[i];
    for (const auto& l : effects_.links) {
      const double z = l.sign * data_.covariates[l.covariate][pattern];
      out.gradient[estimated + l.coefficient] += z * theta[l.parameter].value * sum.gradient[l.parameter];
    }
  }
  void add_pattern(const scalar& sum, const std::array<scalar, M::parameters.size()>& theta, std::size_t pattern,
                   derivative_sum& out) const {
    out.value += sum.value;
    std::array<double, estimated> slope{};
    std::array<double, estimated * estimated> bend{};
    for (std::size_t i = 0, k = 0; i < estimated; ++i) {
      slope[i] = theta[i].value * sum.gradient[i];
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        const double h = theta[i].value * theta[j].value * sum.hessian[k] + (i == j ? slope[i] : 0);
        bend[i * estimated + j] = bend[j * estimated + i] = h;
      }
    }
    for (std::size_t i = 0, k = 0; i < estimated; ++i) {
      out.gradient[i] += slope[i];
      for (std::size_t j = 0; j <= i; ++j, ++k) out.hessian[k] += bend[i * estimated + j];
    }
    for (const auto& l : effects_.links) {
      const double z = l.sign * data_.covariates[l.covariate][pattern];
      const std::size_t at = estimated + l.coefficient;
      out.gradient[at] += z * slope[l.parameter];
      const std::size_t line = at * (at + 1) / 2;
      for (std::size_t j = 0; j < estimated; ++j) out.hessian[line + j] += z * bend[l.parameter * estimated + j];
      for (const auto& other : effects_.links) {
        if (other.coefficient > l.coefficient) continue;
        const double z_other = other.sign * data_.covariates[other.covariate][pattern];
        out.hessian[line + estimated + other.coefficient] +=
            z * z_other * bend[l.parameter * estimated + other.parameter];
      }
    }
  }

  // Sum over items of what `term` says, in fixed chunks combined in order; items are sorted by pattern.
  template <class S, class Item, class Term, class Pattern>
  derivative_sum weighted_sum(std::span<const double> point, int threads, const std::vector<Item>& items, Term&& term,
                              Pattern&& pattern_of) const {
    constexpr std::int64_t chunk_rows = 256;
    const auto rows = static_cast<std::int64_t>(items.size());
    const std::size_t n = size();
    std::vector<derivative_sum> partial(static_cast<std::size_t>((rows + chunk_rows - 1) / chunk_rows),
                                        derivative_sum(n, order_of<S>()));
    for_each_chunk(rows, chunk_rows, threads, [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
      derivative_sum& out = partial[static_cast<std::size_t>(chunk)];
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end);) {
        const std::size_t pattern = pattern_of(i);
        const auto theta = parameters_at<S>(point, pattern);
        S sum{};
        for (; i < static_cast<std::size_t>(end) && pattern_of(i) == pattern; ++i) sum += term(i, theta);
        add_pattern(sum, theta, pattern, out);
      }
    });
    derivative_sum total(n, order_of<S>());
    for (const auto& part : partial) total += part;
    return total;
  }

  const observations<M>& data_;
  const effect_map& effects_;
  int whole_;
};

}  // namespace kundenwert::btyd
