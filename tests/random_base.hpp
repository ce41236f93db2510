// A customer base of random histories: customer i of any base of one seed has the same history.
#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

#include "kundenwert/model/customer_base.hpp"
#include "random_life.hpp"

namespace kundenwert::test {

struct random_base {
  customer_base base;

  random_base(std::uint64_t seed, std::int64_t customers, std::int32_t as_of)
      : random_base(seed, first_numbers(customers), as_of) {}
  // The histories with these numbers, in this order.
  random_base(std::uint64_t seed, const std::vector<std::int64_t>& numbers, std::int32_t as_of) {
    base.ids.numbers = first_numbers(static_cast<std::int64_t>(numbers.size()));
    for (const std::int64_t number : numbers) {
      life_source source(seed, static_cast<std::uint64_t>(number), as_of, 700);
      const random_life life = source.life();
      base.created.push_back(life.created);
      append(base.purchases, life.purchases);
      append(base.contracts, life.contracts);
      append(base.contacts, life.contacts);
      append(base.complaints, life.complaints);
    }
  }

 private:
  static std::vector<std::int64_t> first_numbers(std::int64_t count) {
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
    return numbers;
  }
  template <class Event>
  static void append(grouped<Event>& all, const std::vector<Event>& events) {
    if (all.offsets.empty()) all.offsets.push_back(0);
    all.events.insert(all.events.end(), events.begin(), events.end());
    all.offsets.push_back(static_cast<std::int64_t>(all.events.size()));
  }
};

}  // namespace kundenwert::test
