// Long calls: the interpreter's lock is released while the core works, Ctrl-C is noticed and progress is told, both
// through the core's progress callback on the calling thread. What Python raised there leaves as it was.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <exception>
#include <utility>

#include "kundenwert/base/parallel.hpp"

namespace kundenwert::python {

class watched_call {
 public:
  // tell: None, or a callable that takes the share done, in [0, 1].
  explicit watched_call(pybind11::object tell) : tell_(std::move(tell)) {}
  watched_call(const watched_call&) = delete;
  watched_call& operator=(const watched_call&) = delete;

  // Calls f(progress) without the interpreter's lock.
  template <class Function>
  auto run(Function&& f) {
    try {
      const pybind11::gil_scoped_release release;
      return f(progress{&watched_call::report, this});
    } catch (const error&) {
      if (raised_) std::rethrow_exception(raised_);
      throw;
    }
  }

 private:
  // Rarely enough not to slow the work, often enough to feel immediate.
  static constexpr std::chrono::milliseconds interval{50};

  static bool report(void* context, double done) {
    auto& self = *static_cast<watched_call*>(context);
    const auto now = std::chrono::steady_clock::now();
    if (self.has_told_ && done < 1 && now - self.told_at_ < interval) return true;
    self.has_told_ = true;
    self.told_at_ = now;
    const pybind11::gil_scoped_acquire hold;
    try {
      if (PyErr_CheckSignals() != 0) throw pybind11::error_already_set();
      if (!self.tell_.is_none()) self.tell_(done);
      return true;
    } catch (...) {
      self.raised_ = std::current_exception();
      return false;
    }
  }

  pybind11::object tell_;
  std::exception_ptr raised_;
  std::chrono::steady_clock::time_point told_at_{};
  bool has_told_ = false;
};

}  // namespace kundenwert::python
