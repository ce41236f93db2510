// Integrals of smooth functions of one variable: fixed Gauss-Legendre rules, and an adaptive Gauss-Kronrod rule that
// tells how it ended.
//
// References: Abramowitz & Stegun (1964), 25.4.29 and table 25.4; Kronrod (1965); Piessens, de Doncker-Kapenga,
// Ueberhuber & Kahaner (1983), QUADPACK, section 2.2 (error estimate) and 3.4 (QAG). Nodes and weights are found by
// tests/reference/data/quadrature_nodes.py.
//
// paper | name here    | domain
// x_i   | nodes        | ascending in (-1, 1)
// w_i   | weights      | > 0, sum 2
// eps   | absolute, relative | >= 0; the larger allowance counts
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"

namespace kundenwert::numeric {

// A symmetric rule on [-1, 1]: the integral of f is near the sum of weights[i] f(nodes[i]).
template <std::size_t points>
struct quadrature_rule {
  std::array<double, points> nodes;
  std::array<double, points> weights;
};

// The integral of f over [low, high] by a fixed rule: exact to rounding for polynomials of degree 2 points - 1.
template <std::size_t points, class Function>
double integrate_fixed(const quadrature_rule<points>& rule, Function&& f, double low, double high);

// How near an adaptive integral must come: |error| <= max(absolute, relative |value|).
struct quadrature_tolerance {
  double absolute = 0;
  double relative = 1e-10;  // below 5e-14 rounding stops the search: outcome stalled
  std::int64_t most_evaluations = 100000;
};

// outcome: converged; iteration_limit when most_evaluations came first; stalled when rounding or a value that is not
// finite stopped the search (value is then NaN in the second case).
struct quadrature_result {
  double value;
  double error_estimate;  // an upper bound in practice: it holds for the coarser rule of each pair
  std::int64_t evaluations;
  outcome ended;
};

// The integral of f over [low, high] by bisection where the error is largest, 21 points a piece. low = high gives 0;
// either or both ends may be infinite (x = t / (1 - t), which asks for decay faster than 1/x). Ends are never
// evaluated. f: double(double), smooth inside; an integrable singularity belongs at an end, where bisection finds it.
// Errors: NaN ends, low > high, negative or NaN tolerances. What f throws passes through.
template <class Function>
quadrature_result integrate(Function&& f, double low, double high, quadrature_tolerance tolerance = {});

namespace detail {

// Nodes descending from near 1, half of them: the rest mirrors.
template <std::size_t points>
constexpr quadrature_rule<points> mirrored(const double (&nodes)[(points + 1) / 2],
                                           const double (&weights)[(points + 1) / 2]) {
  quadrature_rule<points> rule{};
  for (std::size_t i = 0; i < (points + 1) / 2; ++i) {
    rule.nodes[i] = -nodes[i];
    rule.nodes[points - 1 - i] = nodes[i];
    rule.weights[i] = weights[i];
    rule.weights[points - 1 - i] = weights[i];
  }
  return rule;
}

}  // namespace detail

inline constexpr quadrature_rule<8> gauss_legendre_8 =
    detail::mirrored<8>({0.9602898564975363, 0.7966664774136267, 0.525532409916329, 0.1834346424956498},
                        {0.10122853629037626, 0.22238103445337448, 0.31370664587788727, 0.362683783378362});

inline constexpr quadrature_rule<16> gauss_legendre_16 =
    detail::mirrored<16>({0.9894009349916499, 0.9445750230732326, 0.8656312023878318, 0.755404408355003,
                          0.6178762444026438, 0.45801677765722737, 0.2816035507792589, 0.09501250983763744},
                         {0.027152459411754096, 0.062253523938647894, 0.09515851168249279, 0.12462897125553388,
                          0.14959598881657674, 0.16915651939500254, 0.18260341504492358, 0.1894506104550685});

inline constexpr quadrature_rule<32> gauss_legendre_32 =
    detail::mirrored<32>({0.9972638618494816, 0.9856115115452684, 0.9647622555875064, 0.9349060759377397,
                          0.8963211557660521, 0.84936761373257, 0.7944837959679424, 0.7321821187402897,
                          0.6630442669302152, 0.5877157572407623, 0.5068999089322294, 0.42135127613063533,
                          0.33186860228212767, 0.23928736225213706, 0.1444719615827965, 0.04830766568773832},
                         {0.007018610009470096, 0.01627439473090567, 0.02539206530926206, 0.03427386291302143,
                          0.04283589802222668, 0.050998059262376175, 0.058684093478535544, 0.06582222277636185,
                          0.0723457941088485, 0.07819389578707031, 0.08331192422694675, 0.08765209300440381,
                          0.09117387869576389, 0.09384439908080457, 0.09563872007927486, 0.0965400885147278});

// The nodes with odd index, 1, 3, ..., 19, are those of the 10-point Gauss rule.
inline constexpr quadrature_rule<21> gauss_kronrod_21 = detail::mirrored<21>(
    {0.9956571630258081, 0.9739065285171717, 0.9301574913557082, 0.8650633666889845, 0.7808177265864169,
     0.6794095682990244, 0.5627571346686047, 0.4333953941292472, 0.2943928627014602, 0.14887433898163122, 0.0},
    {0.011694638867371874, 0.032558162307964725, 0.054755896574351995, 0.07503967481091996, 0.0931254545836976,
     0.10938715880229764, 0.12349197626206584, 0.13470921731147334, 0.14277593857706009, 0.14773910490133849,
     0.1494455540029169});

namespace detail {

inline constexpr std::array<double, 5> gauss_10_weights{0.06667134430868814, 0.1494513491505806, 0.21908636251598204,
                                                        0.26926671930999635, 0.29552422471475287};

struct quadrature_piece {
  double low;
  double high;
  double value;
  double error;
  double magnitude;  // the integral of |f|: what rounding is measured by
};

template <class Function>
quadrature_piece kronrod_piece(Function& f, double low, double high) {
  const double half = 0.5 * (high - low);
  const double middle = low + half;
  std::array<double, 21> values{};
  double kronrod = 0;
  double gauss = 0;
  double magnitude = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double weight = gauss_kronrod_21.weights[i];
    const double value = f(middle + half * gauss_kronrod_21.nodes[i]);
    values[i] = value;
    kronrod += weight * value;
    magnitude += weight * std::fabs(value);
    if (i % 2 == 1) gauss += gauss_10_weights[i < 10 ? i / 2 : (20 - i) / 2] * value;
  }
  const double mean = 0.5 * kronrod;
  double spread = 0;
  for (std::size_t i = 0; i < values.size(); ++i) spread += gauss_kronrod_21.weights[i] * std::fabs(values[i] - mean);
  // QUADPACK's estimate: the difference of the rules, sharpened where it is small beside the variation of f (200 and
  // the power 3/2 are theirs), and never below what rounding leaves, 50 units.
  spread *= half;
  magnitude *= half;
  double error = std::fabs(kronrod - gauss) * half;
  if (spread > 0 && error > 0) error = spread * std::min(1.0, std::pow(200 * error / spread, 1.5));
  error = std::max(error, 50 * std::numeric_limits<double>::epsilon() * magnitude);
  return {low, high, kronrod * half, error, magnitude};
}

// Orders a heap by error, largest on top; equal errors by place, so that the order of the search is fixed.
inline bool is_nearer(const quadrature_piece& a, const quadrature_piece& b) {
  return a.error < b.error || (a.error == b.error && a.low > b.low);
}

template <class Function>
quadrature_result integrate_finite(Function& f, double low, double high, const quadrature_tolerance& tolerance) {
  constexpr std::int64_t per_piece = 21;
  const auto is_finished = [&](double value, double error) {
    return error <= std::max(tolerance.absolute, tolerance.relative * std::fabs(value));
  };
  const quadrature_piece whole = kronrod_piece(f, low, high);
  std::int64_t evaluations = per_piece;
  if (!std::isfinite(whole.value)) return {not_available, not_available, evaluations, outcome::stalled};
  if (is_finished(whole.value, whole.error)) return {whole.value, whole.error, evaluations, outcome::converged};

  std::vector<quadrature_piece> pieces{whole};
  quadrature_result result{whole.value, whole.error, evaluations, outcome::iteration_limit};
  double magnitude = whole.magnitude;
  while (result.evaluations + 2 * per_piece <= tolerance.most_evaluations) {
    std::pop_heap(pieces.begin(), pieces.end(), is_nearer);
    const quadrature_piece worst = pieces.back();
    const double middle = worst.low + 0.5 * (worst.high - worst.low);
    // Stop where the remaining error is the rounding of the sum, or the worst piece can no longer be halved.
    const bool is_rounding = result.error_estimate <= 100 * std::numeric_limits<double>::epsilon() * magnitude;
    if (is_rounding || !(worst.low < middle && middle < worst.high)) {
      result.ended = outcome::stalled;
      return result;
    }
    pieces.pop_back();
    for (const auto& piece : {kronrod_piece(f, worst.low, middle), kronrod_piece(f, middle, worst.high)}) {
      pieces.push_back(piece);
      std::push_heap(pieces.begin(), pieces.end(), is_nearer);
    }
    result.evaluations += 2 * per_piece;
    // Summed anew each time: differences of running sums would keep the rounding of pieces long gone.
    result.value = 0;
    result.error_estimate = 0;
    magnitude = 0;
    for (const auto& piece : pieces) {
      result.value += piece.value;
      result.error_estimate += piece.error;
      magnitude += piece.magnitude;
    }
    if (!std::isfinite(result.value)) return {not_available, not_available, result.evaluations, outcome::stalled};
    if (is_finished(result.value, result.error_estimate)) {
      result.ended = outcome::converged;
      return result;
    }
  }
  return result;
}

}  // namespace detail

template <std::size_t points, class Function>
double integrate_fixed(const quadrature_rule<points>& rule, Function&& f, double low, double high) {
  const double half = 0.5 * (high - low);
  const double middle = low + half;
  double sum = 0;
  for (std::size_t i = 0; i < points; ++i) sum += rule.weights[i] * f(middle + half * rule.nodes[i]);
  return half * sum;
}

template <class Function>
quadrature_result integrate(Function&& f, double low, double high, quadrature_tolerance tolerance) {
  if (std::isnan(low)) fail(error_code::missing, "low", "is NaN");
  if (std::isnan(high)) fail(error_code::missing, "high", "is NaN");
  if (low > high) fail(error_code::domain, "low", "is above high");
  require_not_negative(tolerance.absolute, "absolute");
  require_not_negative(tolerance.relative, "relative");
  if (low == high) return {0, 0, 0, outcome::converged};
  if (std::isfinite(low) && std::isfinite(high)) return detail::integrate_finite(f, low, high, tolerance);
  // Half lines start where they end or at 0; t in (0, 1) goes to s = t / (1 - t) with ds = dt / (1 - t)^2.
  const bool is_line = std::isinf(low) && std::isinf(high);
  const auto folded = [&](double t) {
    const double left = 1 - t;
    const double s = t / left;
    double value = 0;
    if (is_line) {
      value = f(s) + f(-s);
    } else {
      value = std::isinf(high) ? f(low + s) : f(high - s);
    }
    // A value that is 0 far out stays 0 against a weight without bound.
    return value == 0 ? 0 : value / (left * left);
  };
  return detail::integrate_finite(folded, 0, 1, tolerance);
}

}  // namespace kundenwert::numeric
