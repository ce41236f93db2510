// Fixed chunks over threads: the chunks depend on the number of rows alone, so results that are combined in chunk
// order are the same bits for any number of threads. No thread outlives a call; 0 or 1 thread is the calling one.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "kundenwert/base/error.hpp"

namespace kundenwert {

// Tells how far a long call is and asks whether to go on; called on the calling thread only.
//   callback(context, done)   done in [0, 1]; returns true to go on, false to cancel (error_code::cancelled)
struct progress {
  bool (*callback)(void* context, double done) = nullptr;
  void* context = nullptr;

  void report(double done) const {
    if (callback != nullptr && !callback(context, done)) fail(error_code::cancelled, "progress", "cancelled");
  }
};

// The progress of one of several steps, as its part [from, to] of the whole. Must outlive the call it watches.
struct progress_share {
  progress whole;
  double from;
  double to;

  progress watch() {
    if (whole.callback == nullptr) return {};
    return {[](void* context, double done) {
              const auto& self = *static_cast<const progress_share*>(context);
              return self.whole.callback(self.whole.context, self.from + (self.to - self.from) * done);
            },
            this};
  }
};

// Calls body(chunk, begin, end) for chunk 0, 1, ... covering rows [0, rows) in pieces of chunk_rows.
// The chunks of one call may run at the same time on up to `threads` threads, the calling one included.
// Of several exceptions the one of the smallest chunk is rethrown, so that errors name the smallest row.
template <class Body>
void for_each_chunk(std::int64_t rows, std::int64_t chunk_rows, int threads, Body&& body, progress watch = {}) {
  if (rows <= 0) return;
  const std::int64_t chunks = (rows + chunk_rows - 1) / chunk_rows;
  const auto run = [&](std::int64_t chunk) {
    const std::int64_t begin = chunk * chunk_rows;
    body(chunk, begin, std::min(begin + chunk_rows, rows));
  };
  const auto share = [&](std::int64_t done) { return static_cast<double>(done) / static_cast<double>(chunks); };
  const std::int64_t workers = std::min<std::int64_t>(std::max(threads, 1), chunks);
  if (workers == 1) {
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
      run(chunk);
      watch.report(share(chunk + 1));
    }
    return;
  }
  std::atomic<std::int64_t> next{0};
  std::atomic<std::int64_t> first_failed{chunks};
  std::exception_ptr failure;
  std::mutex failure_guard;
  const auto note_failure = [&](std::int64_t chunk) {
    const std::lock_guard lock(failure_guard);
    if (chunk < first_failed.load()) {
      first_failed.store(chunk);
      failure = std::current_exception();
    }
  };
  const auto work = [&](bool is_caller) {
    for (;;) {
      const std::int64_t chunk = next.fetch_add(1);
      // Chunks are handed out in order: everything before the failed one has been started and will be finished.
      if (chunk >= chunks || chunk > first_failed.load()) return;
      try {
        run(chunk);
        if (is_caller) watch.report(share(chunk + 1));
      } catch (...) {
        note_failure(chunk);
        return;
      }
    }
  };
  std::vector<std::thread> helpers;
  helpers.reserve(static_cast<std::size_t>(workers - 1));
  try {
    for (std::int64_t i = 1; i < workers; ++i) helpers.emplace_back(work, false);
  } catch (...) {
    // The system gave fewer threads than asked for: the ones there are do the work.
  }
  work(true);
  for (auto& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace kundenwert
