// Parameters of the core by their names: what Python gives as a mapping from names to numbers.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

#include "kundenwert/base/check.hpp"

namespace kundenwert::python {

template <class T>
void set_number(T& parameter, std::string_view name, double value) {
  if constexpr (std::is_integral_v<T>) {
    require_finite(value, name);
    constexpr double largest = 1 << 30;
    if (value != std::floor(value) || std::fabs(value) > largest) {
      fail(error_code::not_integer, name, "is no whole number");
    }
  }
  parameter = static_cast<T>(value);
}

// Sets those that are given; `for_each(visit)` calls visit(name, parameter) for every one there is. Throws unknown_code
// for a name that is none, with `kind` ("parameter of the phases") and the names there are; not_integer, missing,
// non_finite.
template <class ForEach>
void set_parameters(const std::map<std::string, double>& given, std::string_view kind, ForEach&& for_each) {
  std::map<std::string, double> left = given;
  for_each([&](std::string_view name, auto& parameter) {
    const auto found = left.find(std::string(name));
    if (found == left.end()) return;
    set_number(parameter, name, found->second);
    left.erase(found);
  });
  if (left.empty()) return;
  std::string known;
  for_each([&](std::string_view name, auto&) { known += (known.empty() ? "" : ", ") + std::string(name); });
  fail(error_code::unknown_code, left.begin()->first, "is no " + std::string(kind) + "; they are " + known);
}

}  // namespace kundenwert::python
