// ln of the integral of e^f over (0, end], for an f of any size that is smooth in ln u and has a few peaks, however
// narrow: what is left of a product of probabilities over a time when it has no closed form.
//
// In v = ln u the range is cut into cells; a cell is halved while f in it falls or bends too much for a Gauss rule, and
// left out where both its ends and any peak inside are negligible beside the highest peak. A peak inside a cell shows
// by the slopes at its ends, so that none is too narrow to be seen; a peak and the valley beside it within half a unit
// of v are taken for none.
//
// Reference: Abramowitz & Stegun (1964), 25.4.29 (Gauss-Legendre).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "kundenwert/numeric/log_mixture.hpp"
#include "kundenwert/numeric/quadrature.hpp"

namespace kundenwert::numeric {

// f: double(double), ln of the integrand at 0 < u <= end; it may be -infinity, but not where it matters beside finite
// values. `first` > 0 is a time below which e^f is about a multiple of u^power, power >= 0; it may be far below.
// Relative error about 1e-12 where f is exact; an error of f is passed on. -infinity where end is 0.
template <class Exponent>
double log_integral(Exponent&& f, double first, double end, double power = 0);

// The same of factor(u) e^f(u), for a factor >= 0 that is smooth beside e^f and may end in a zero.
template <class Exponent, class Factor>
double log_integral_of(Exponent&& f, Factor&& factor, double first, double end, double power = 0);

namespace detail {

struct integral_cell {
  double low;
  double high;
  double value_low;  // of f + v
  double value_high;
  double slope_low;
  double slope_high;
};

// Slopes by differences over this; of a value with rounding 1e-16 |f| and any bend they tell the sign.
inline constexpr double slope_step = 1e-5;

}  // namespace detail

template <class Exponent>
double log_integral(Exponent&& f, double first, double end, double power) {
  return log_integral_of(
      f, [](double) { return 1.0; }, first, end, power);
}

template <class Exponent, class Factor>
double log_integral_of(Exponent&& f, Factor&& factor, double first, double end, double power) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double negligible = 45;  // e^-45 = 3e-20
  constexpr double widest = 0.5;
  constexpr double largest_drop = 10;  // 16 nodes integrate e^-10y over a unit panel to 1e-17
  constexpr double narrowest = 1e-13;
  if (end == 0) return -infinity;
  const double last = std::log(end);
  const double start = std::min(last, std::log(first)) - 3 - negligible / (power + 1);
  const auto time_at = [&](double v) { return v < last ? std::min(std::exp(v), end) : end; };
  const auto value = [&](double v) { return f(time_at(v)) + v; };
  const auto slope = [&](double v) {
    const double step = detail::slope_step;
    const double high = std::min(v + step, last);
    return (value(high) - value(v - step)) / (high - v + step);
  };
  const auto cells = static_cast<std::size_t>(std::ceil((last - start) / widest));
  const double width = (last - start) / static_cast<double>(cells);
  std::vector<detail::integral_cell> todo;
  double peak = -infinity;
  detail::integral_cell cell{start, start, value(start), 0, slope(start), 0};
  for (std::size_t i = 1; i <= cells; ++i) {
    cell.high = i == cells ? last : start + width * static_cast<double>(i);
    cell.value_high = value(cell.high);
    cell.slope_high = slope(cell.high);
    peak = std::max(peak, cell.value_high);
    if (cell.slope_low > 0 && cell.slope_high < 0) {
      double low = cell.low;
      double high = cell.high;
      for (int k = 0; k < 40; ++k) {
        const double middle = 0.5 * (low + high);
        (slope(middle) > 0 ? low : high) = middle;
      }
      peak = std::max(peak, value(low));
    }
    todo.push_back(cell);
    cell.low = cell.high;
    cell.value_low = cell.value_high;
    cell.slope_low = cell.slope_high;
  }
  log_mixture<double> sum;
  while (!todo.empty()) {
    const auto here = todo.back();
    todo.pop_back();
    const bool has_peak = here.slope_low > 0 && here.slope_high < 0;
    const double top = std::max(here.value_low, here.value_high);
    if (!has_peak && !(top >= peak - negligible)) continue;
    const double length = here.high - here.low;
    const bool is_gentle = std::fabs(here.value_high - here.value_low) <= largest_drop &&
                           std::fabs(here.slope_high - here.slope_low) * length <= largest_drop;
    if (is_gentle || length < narrowest * std::max(1.0, std::fabs(here.low))) {
      const double half = 0.5 * length;
      for (std::size_t k = 0; k < gauss_legendre_16.nodes.size(); ++k) {
        const double v = here.low + half * (1 + gauss_legendre_16.nodes[k]);
        sum.add(half * gauss_legendre_16.weights[k] * factor(time_at(v)), value(v));
      }
      continue;
    }
    const double middle = here.low + 0.5 * length;
    const double at = value(middle);
    const double bend = slope(middle);
    todo.push_back({here.low, middle, here.value_low, at, here.slope_low, bend});
    todo.push_back({middle, here.high, at, here.value_high, bend, here.slope_high});
  }
  return sum.value();
}

}  // namespace kundenwert::numeric
