#include "kundenwert/simulate/collect.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kundenwert;
using namespace kundenwert::simulate;

TEST_CASE("ids of numbers") {
  const collect_options text{true, 1};
  const auto ids = simulate::detail::ids_of({1, 42, 1234567, 0}, simulate::detail::customer_form, text, true);
  const auto view = std::get<text_column>(ids.view());
  CHECK(std::string(view[0]) == "K000001");
  CHECK(std::string(view[1]) == "K000042");
  CHECK(std::string(view[2]) == "K1234567");  // more digits where there are more customers
  CHECK(view[3].empty());
  CHECK(view.is_valid(2));
  CHECK_FALSE(view.is_valid(3));
  const auto plain = simulate::detail::ids_of({5}, simulate::detail::customer_form, {false, 1});
  CHECK(std::get<column<std::int64_t>>(plain.view())[0] == 5);
  CHECK(simulate::detail::ids_of({}, simulate::detail::customer_form, text).size() == 0);
  CHECK(simulate::detail::digits_of(9) == 1);
  CHECK(simulate::detail::digits_of(10) == 2);
}

TEST_CASE("rows of chunks are put together in their order") {
  std::vector<chunk_rows> chunks(3);
  chunks[0].transactions = {{0, 10, 1, 1, -1}, {1, 11, 2, 1, -1}};
  chunks[2].first_customer = 5;
  chunks[2].transactions = {{0, 12, 3, 1, -1}, {0, 13, -3, -1, 0}};
  transaction_table out;
  simulate::detail::collect_transactions(chunks, {false, 2}, out);
  CHECK(out.day == std::vector<std::int32_t>{10, 11, 12, 13});
  CHECK(out.transaction_id.numbers == std::vector<std::int64_t>{1, 2, 3, 4});
  CHECK(out.customer_id.numbers == std::vector<std::int64_t>{1, 2, 6, 6});
  CHECK(out.returns_transaction_id.numbers == std::vector<std::int64_t>{0, 0, 0, 3});
  CHECK(chunks[2].transactions.empty());  // given up
}
