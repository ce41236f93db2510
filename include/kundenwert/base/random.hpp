// Random numbers as a pure function of (seed, stream, position): no hidden state, no global, the same numbers for any
// number of threads. A row, customer or replicate takes its number as its stream.
//
// The bits are the same on every platform. Draws that take a logarithm, exponential or power rest on the platform's
// libm and can differ in the last bit between two libms; std:: distributions, which differ in everything, are not used.
//
// References: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3" (Philox4x32-10);
// Marsaglia & Bray (1964) (polar method); Marsaglia & Tsang (2000), "A simple method for generating gamma variables";
// Ahrens & Dieter (1974) (Poisson by gamma, binomial by beta); Devroye (1986), "Non-uniform random variate generation",
// X.4.3 and X.3.4.
//
// paper    | name here     | domain
// key      | seed          | any 64 bits
// counter  | position, stream | blocks of two draws in the low 64 bits, the stream in the high 64 bits
// a, alpha | shape         | > 0; the rate of every gamma here is 1
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "kundenwert/base/check.hpp"

namespace kundenwert {

// Ten rounds of Philox4x32: 128 random bits for a 128-bit counter under a 64-bit key (Salmon et al. 2011, section 3.3).
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

class random_stream {
 public:
  // Streams of one seed and streams of two seeds are independent of each other (no two share a counter and key); 2^64
  // words each.
  constexpr explicit random_stream(std::uint64_t seed, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  // The number of 64-bit words taken so far, and a jump to any of them.
  constexpr std::uint64_t position() const { return position_; }
  constexpr void move_to(std::uint64_t position);

  // 64 random bits.
  constexpr std::uint64_t next();

  // Uniform on the 2^52 midpoints (k + 1/2) 2^-52: never 0, never 1. One word.
  constexpr double uniform();

  // Uniform on 0, 1, ..., count - 1; count > 0, else error domain.
  constexpr std::uint64_t below(std::uint64_t count);

  // Standard normal, by the polar method; a varying number of words, 2.55 in the mean.
  double normal();

  // Exponential with mean 1; from 1.1e-16 to 36.7, the logarithms of the smallest and largest uniform.
  double exponential();

  // Gamma with the shape and rate 1; shape > 0 and finite, else error. Below shape 0.05 it can underflow to 0, where
  // gamma_logarithm holds.
  double gamma(double shape);

  // The logarithm of a gamma variate, finite also where the variate underflows.
  double gamma_logarithm(double shape);

  // Beta on [0, 1], a, b > 0 and finite, else error. Through logarithms, so that no a and b give 0/0; for small
  // a or b the nearest double can be 0 or 1 itself.
  double beta(double a, double b);

  // Poisson, mean in [0, 1e15], else error; exact in distribution, time grows with the logarithm of the mean.
  std::int64_t poisson(double mean);

  // Successes in `trials` trials of a chance in [0, 1], trials >= 0, else error; exact, logarithmic in trials.
  std::int64_t binomial(std::int64_t trials, double chance);

 private:
  double gamma_at_least_one(double shape);

  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t position_ = 0;
  std::uint64_t second_ = 0;  // the other half of the block the last even position was taken from
};

namespace detail {

constexpr std::uint32_t low_half(std::uint64_t v) { return static_cast<std::uint32_t>(v); }
constexpr std::uint32_t high_half(std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); }

// The two 64-bit words of block `block` of a stream.
constexpr std::array<std::uint64_t, 2> random_block(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) {
  const auto words = philox({low_half(block), high_half(block), low_half(stream), high_half(stream)},
                            {low_half(seed), high_half(seed)});
  return {words[0] | static_cast<std::uint64_t>(words[1]) << 32, words[2] | static_cast<std::uint64_t>(words[3]) << 32};
}

// Means and trials up to here are counted one by one, which is faster than splitting them.
inline constexpr double counted_mean = 12;
inline constexpr std::int64_t counted_trials = 24;

// Whole numbers up to here are exact in a double with room to spare.
inline constexpr double largest_mean = 1e15;

}  // namespace detail

constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  // Multipliers and Weyl increments of Philox4x32 (Salmon et al. 2011, section 3.3 and the Random123 library).
  constexpr std::uint64_t multiplier_0 = 0xD2511F53;
  constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
  constexpr std::uint32_t weyl_0 = 0x9E3779B9;
  constexpr std::uint32_t weyl_1 = 0xBB67AE85;
  constexpr int rounds = 10;
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t product_0 = multiplier_0 * counter[0];
    const std::uint64_t product_1 = multiplier_1 * counter[2];
    counter = {detail::high_half(product_1) ^ counter[1] ^ key[0], detail::low_half(product_1),
               detail::high_half(product_0) ^ counter[3] ^ key[1], detail::low_half(product_0)};
    key = {key[0] + weyl_0, key[1] + weyl_1};
  }
  return counter;
}

constexpr void random_stream::move_to(std::uint64_t position) {
  position_ = position;
  if (position % 2 == 1) second_ = detail::random_block(seed_, stream_, position / 2)[1];
}

constexpr std::uint64_t random_stream::next() {
  const std::uint64_t position = position_++;
  if (position % 2 == 1) return second_;
  const auto words = detail::random_block(seed_, stream_, position / 2);
  second_ = words[1];
  return words[0];
}

constexpr double random_stream::uniform() {
  constexpr double spacing = 1.0 / (std::uint64_t{1} << 52);
  return (static_cast<double>(next() >> 12) + 0.5) * spacing;
}

constexpr std::uint64_t random_stream::below(std::uint64_t count) {
  if (count == 0) fail(error_code::domain, "count", "must be above zero");
  // Keep the bits that count - 1 needs and draw again above it: at most every second draw is lost.
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero((count - 1) | 1);
  for (;;) {
    const std::uint64_t value = next() & mask;
    if (value < count) return value;
  }
}

inline double random_stream::normal() {
  for (;;) {
    const double u = 2 * uniform() - 1;
    const double v = 2 * uniform() - 1;
    const double square = u * u + v * v;
    // The second normal v sqrt(...) is not kept: draws would depend on what was asked before.
    if (square < 1 && square > 0) return u * std::sqrt(-2 * std::log(square) / square);
  }
}

inline double random_stream::exponential() { return -std::log(uniform()); }

inline double random_stream::gamma_at_least_one(double shape) {
  // Marsaglia & Tsang (2000), section 6; the squeeze constant 0.0331 is theirs.
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    if (!(root > 0)) continue;
    const double v = root * root * root;
    const double u = uniform();
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return d * v;
    if (std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
  }
}

inline double random_stream::gamma(double shape) {
  require_positive(shape, "shape");
  return shape >= 1 ? gamma_at_least_one(shape) : std::exp(gamma_logarithm(shape));
}

inline double random_stream::gamma_logarithm(double shape) {
  require_positive(shape, "shape");
  if (shape >= 1) return std::log(gamma_at_least_one(shape));
  // G(shape) = G(shape + 1) U^(1 / shape) (Marsaglia & Tsang 2000, section 8).
  const double lifted = std::log(gamma_at_least_one(shape + 1));
  return lifted + std::log(uniform()) / shape;
}

inline double random_stream::beta(double a, double b) {
  require_positive(a, "a");
  require_positive(b, "b");
  const double x = gamma_logarithm(a);
  const double y = gamma_logarithm(b);
  // Shapes near the smallest double have infinite logarithms; the heavier of the two decides, as in the limit.
  if (std::isinf(x) && std::isinf(y)) return uniform() * (a + b) < a ? 1 : 0;
  return 1 / (1 + std::exp(y - x));
}

inline std::int64_t random_stream::poisson(double mean) {
  require_not_negative(mean, "mean");
  if (mean > detail::largest_mean) fail(error_code::domain, "mean", "must be at most 1e15");
  std::int64_t count = 0;
  while (mean > detail::counted_mean) {
    // The time of event number m is gamma: if it lies before the mean go on from there, else the m - 1 events before
    // it are uniform up to it (Ahrens & Dieter 1974; 7/8 is their choice).
    const auto m = static_cast<std::int64_t>(mean * 0.875);
    const double time = gamma(static_cast<double>(m));
    if (time > mean) return count + binomial(m - 1, mean / time);
    count += m;
    mean -= time;
  }
  const double least = std::exp(-mean);
  for (double product = uniform(); product > least; product *= uniform()) ++count;
  return count;
}

inline std::int64_t random_stream::binomial(std::int64_t trials, double chance) {
  if (trials < 0) fail(error_code::sign, "trials", "is negative");
  require_share(chance, "chance");
  std::int64_t successes = 0;
  while (trials > detail::counted_trials) {
    // The m-th smallest of the trials' uniforms is beta(m, trials + 1 - m); it tells which side of it chance lies on
    // (Devroye 1986, X.4.3).
    const std::int64_t m = 1 + trials / 2;
    const double split = beta(static_cast<double>(m), static_cast<double>(trials + 1 - m));
    if (split > chance) {
      trials = m - 1;
      chance = chance / split;
    } else {
      successes += m;
      trials -= m;
      chance = split < 1 ? (chance - split) / (1 - split) : 0;
    }
  }
  for (std::int64_t i = 0; i < trials; ++i) successes += uniform() < chance ? 1 : 0;
  return successes;
}

}  // namespace kundenwert
