#include "kundenwert/base/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace kundenwert;

namespace {

using range = std::pair<std::int64_t, std::int64_t>;

std::vector<range> ranges_of(std::int64_t rows, std::int64_t chunk_rows, int threads) {
  std::vector<range> out(static_cast<std::size_t>((rows + chunk_rows - 1) / chunk_rows));
  for_each_chunk(rows, chunk_rows, threads, [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
    out[static_cast<std::size_t>(chunk)] = {begin, end};
  });
  return out;
}

}  // namespace

TEST_CASE("chunks depend on the rows alone and cover them once") {
  const std::vector<range> expected{{0, 4}, {4, 8}, {8, 10}};
  for (const int threads : {0, 1, 2, 3, 100}) CHECK(ranges_of(10, 4, threads) == expected);
  CHECK(ranges_of(0, 4, 2).empty());
  CHECK(ranges_of(4, 4, 2) == std::vector<range>{{0, 4}});
}

TEST_CASE("of several errors the one of the smallest chunk is told") {
  for (int repeat = 0; repeat < 50; ++repeat) {
    try {
      for_each_chunk(64, 1, 4, [](std::int64_t chunk, std::int64_t, std::int64_t) {
        if (chunk % 7 == 5) fail_at(error_code::missing, "x", chunk, "is null");
      });
      CHECK(false);
    } catch (const error& problem) {
      CHECK(problem.row() == 5);
    }
  }
}

TEST_CASE("any exception of a thread reaches the caller") {
  CHECK_THROWS_AS(for_each_chunk(8, 1, 2, [](auto...) { throw std::runtime_error("no"); }), std::runtime_error);
}

TEST_CASE("progress is told on the calling thread and can cancel") {
  struct state {
    std::thread::id caller = std::this_thread::get_id();
    bool elsewhere = false;
    double last = 0;
    int calls = 0;
    int stop_after = 1000000;
  };
  const auto told = [](void* context, double done) {
    auto& s = *static_cast<state*>(context);
    if (std::this_thread::get_id() != s.caller) s.elsewhere = true;
    s.last = done;
    return ++s.calls < s.stop_after;
  };
  state all;
  for_each_chunk(10, 1, 1, [](auto...) {}, {told, &all});
  CHECK(all.calls == 10);
  CHECK(all.last == 1);
  state two;
  for_each_chunk(1000, 1, 2, [](auto...) {}, {told, &two});
  CHECK_FALSE(two.elsewhere);
  state stopped;
  stopped.stop_after = 3;
  std::atomic<int> done{0};
  try {
    for_each_chunk(10, 1, 1, [&](auto...) { ++done; }, {told, &stopped});
    CHECK(false);
  } catch (const error& problem) {
    CHECK(problem.code() == error_code::cancelled);
  }
  CHECK(done == 3);
}
