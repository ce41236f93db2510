// The one table of codes: what can go wrong (errors), what is worth knowing (warnings), how an estimate ended
// (outcomes) and why a row has no value (reasons). The C constants, the Python strings and the documentation are
// generated from these lists; numbers are never reused.
//
// References: the project's domain specification, data model and bad-input policy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// X(number, name, meaning)
#define KW_ERROR_CODES(X)                                                                        \
  X(1, internal, "a defect in kundenwert: please report it")                                     \
  X(2, out_of_memory, "memory could not be allocated; nothing was changed")                      \
  X(3, cancelled, "the progress callback asked to stop; nothing was changed")                    \
  X(4, null_argument, "a required pointer or column is missing")                                 \
  X(5, struct_size, "an option or result struct was not initialised or is from a newer version") \
  X(6, length_mismatch, "columns of one call differ in length")                                  \
  X(7, empty, "no rows where at least one is needed")                                            \
  X(8, missing, "a null or NaN where a value is required")                                       \
  X(9, non_finite, "an infinite value, or NaN where a finite number is required")                \
  X(10, sign, "a value with the wrong sign")                                                     \
  X(11, domain, "a value outside its domain")                                                    \
  X(12, not_integer, "a fraction where a whole number is required")                              \
  X(13, recency_order, "recency is larger than T")                                               \
  X(14, unknown_code, "a constant or name that does not exist")                                  \
  X(15, unsupported, "the model has no such quantity, or the column no such type")               \
  X(16, unit_mismatch, "the summary and the model are in different time units")                  \
  X(17, encoding, "text that is not valid UTF-8, or an id that is not 1 to 128 bytes")           \
  X(18, date_invalid, "text or a number that is not a date")                                     \
  X(19, date_range, "a date outside 1900-01-01 to 2199-12-31")                                   \
  X(20, date_order, "an end before its start")                                                   \
  X(21, future_date, "a date after the load date")                                               \
  X(22, currency_mismatch, "several currencies in one run")                                      \
  X(23, overflow, "a number too large to be held exactly")                                       \
  X(24, out_of_order, "rows of one customer are not in time order, which ordered mode requires") \
  X(25, wrong_type, "a column of the wrong type")                                                \
  X(26, divergent, "an infinite horizon without discounting, where the sum has no finite value") \
  X(27, rejected_share, "more rows were rejected than the limit allows; nothing was changed")    \
  X(28, timezone, "an unknown time zone, or a timestamp that needs one")                         \
  X(29, not_positive_definite, "a covariance that is not positive definite")                     \
  X(30, duplicate_id, "an id that occurs twice with different content")                          \
  X(31, column_missing, "a named column is not in the table")                                    \
  X(32, mode_mismatch, "accumulators of different modes, id types or policies cannot be merged") \
  X(33, stream_failed, "an Arrow stream that reported an error or breaks the Arrow C interface") \
  X(34, unknown_customer, "a row for a customer who is not in the table of customers")           \
  X(35, cycle, "a chain of references that comes back to itself")                                \
  X(36, return_exceeds, "returns above what was bought")                                         \
  X(37, return_unmatched, "a return without a purchase it could be of")                          \
  X(38, inconsistent, "numbers that contradict each other")                                      \
  X(39, missing_cost, "revenue without variable cost, and no margin rate")

#define KW_WARNING_CODES(X)                                                                           \
  X(1, id_blanks, "an id with surrounding blanks; it is kept as it is")                               \
  X(2, amounts_rounded, "amounts were rounded to one millionth of the currency's unit")               \
  X(3, after_end, "rows after the end of observation were ignored")                                   \
  X(4, before_start, "rows before the start of observation mark their customers as acquired earlier") \
  X(5, anonymous, "rows without a customer id were left out")                                         \
  X(6, returns_only, "customers whose returns cancel every purchase were left out")                   \
  X(7, duplicate_ignored, "rows that repeat an id with the same content were left out")               \
  X(8, possible_duplicate, "rows with ids of their own that are otherwise equal; they are kept")      \
  X(9, created_adjusted, "customers with an event before their creation: created on that day")

#define KW_OUTCOMES(X)                                                                         \
  X(1, converged, "the gradient is zero and the Hessian positive definite")                    \
  X(2, at_bound, "the likelihood still rises where a parameter reaches the edge of its range") \
  X(3, not_identified, "the data leave a direction of the parameters undetermined")            \
  X(4, iteration_limit, "the iteration limit came first")                                      \
  X(5, stalled, "no further progress at machine precision, gradient not zero")                 \
  X(6, insufficient_data, "too little data for this model")

// Bits of a mask: several reasons can hold for one row.
#define KW_REASONS(X)                                                                  \
  X(1, missing_input, "an optional input is null")                                     \
  X(2, no_purchases, "the customer has no purchase in the window")                     \
  X(4, no_repeat_purchases, "the quantity needs at least one repeat purchase")         \
  X(8, infinite_mean, "the population mean does not exist (q <= 1)")                   \
  X(16, divergent_sum, "the infinite sum does not converge")                           \
  X(32, not_estimated, "the fit gave no usable covariance")                            \
  X(64, total_not_positive, "the total of the column is not positive")                 \
  X(128, negative_value, "the value is zero or negative and is not part of the total") \
  X(256, numeric_failure, "the number could not be found to its stated accuracy")      \
  X(512, no_current_customer, "prospects and lost customers have no value ahead")      \
  X(1024, no_model, "no model could be estimated from the data")                       \
  X(2048, no_retention_rate, "the retention rate of contracts is not available")       \
  X(4096, no_amount, "no amount of money is known for the customer")                   \
  X(8192, not_reached, "the probability never reaches the level")

namespace kundenwert {

#define KW_ENUMERATOR(number, name, meaning) name = number,
enum class error_code : std::int32_t { KW_ERROR_CODES(KW_ENUMERATOR) };
enum class warning_code : std::int32_t { KW_WARNING_CODES(KW_ENUMERATOR) };
enum class outcome : std::int32_t { KW_OUTCOMES(KW_ENUMERATOR) };
enum class reason : std::uint32_t { none = 0, KW_REASONS(KW_ENUMERATOR) };
#undef KW_ENUMERATOR

// One line of a table of codes.
struct code_entry {
  std::uint32_t number;
  std::string_view name;
  std::string_view meaning;
};

#define KW_ENTRY(number, name, meaning) code_entry{number, #name, meaning},
inline constexpr std::array error_codes{KW_ERROR_CODES(KW_ENTRY)};
inline constexpr std::array warning_codes{KW_WARNING_CODES(KW_ENTRY)};
inline constexpr std::array outcomes{KW_OUTCOMES(KW_ENTRY)};
inline constexpr std::array reasons{KW_REASONS(KW_ENTRY)};
#undef KW_ENTRY

// The name of a code in one of the tables above; empty when the table has no such number.
template <class Table>
constexpr std::string_view name_of(const Table& table, std::uint32_t number) {
  for (const auto& entry : table) {
    if (entry.number == number) return entry.name;
  }
  return {};
}

// A list X(number, name, meaning) as `enum class Type`, its table of code_entry and name_of(Type). An enumerator that
// would be a keyword ends in "_", its name does not.
#define KW_CODE_ENUMERATOR(number, name, meaning) name = number,
#define KW_CODE_ENTRY(number, name, meaning) \
  ::kundenwert::code_entry{number, ::kundenwert::without_underscore<#name>, meaning},
#define KW_DEFINE_CODES(Type, table, LIST)                                  \
  enum class Type : std::int32_t { LIST(KW_CODE_ENUMERATOR) };              \
  inline constexpr std::array table{LIST(KW_CODE_ENTRY)};                   \
  constexpr std::string_view name_of(Type value) {                          \
    return ::kundenwert::name_of(table, static_cast<std::uint32_t>(value)); \
  }

namespace detail {

// The name of an enumerator without the "_" it may end in; followed by 0, as names of the C interface are.
template <std::size_t N>
struct enumerator_name {
  char text[N] = {};
  std::size_t length = N - 1;

  constexpr enumerator_name(const char (&name)[N]) {
    if (name[N - 2] == '_') --length;
    for (std::size_t i = 0; i < length; ++i) text[i] = name[i];
  }
};

}  // namespace detail

template <detail::enumerator_name Name>
inline constexpr std::string_view without_underscore{Name.text, Name.length};

constexpr std::string_view name_of(error_code code) { return name_of(error_codes, static_cast<std::uint32_t>(code)); }
constexpr std::string_view name_of(warning_code c) { return name_of(warning_codes, static_cast<std::uint32_t>(c)); }
constexpr std::string_view name_of(outcome value) { return name_of(outcomes, static_cast<std::uint32_t>(value)); }

constexpr reason operator|(reason a, reason b) {
  return static_cast<reason>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr bool has(reason mask, reason bit) {
  return (static_cast<std::uint32_t>(mask) & static_cast<std::uint32_t>(bit)) != 0;
}

}  // namespace kundenwert
