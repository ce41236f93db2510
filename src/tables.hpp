// Every list of constants in one table of tables: the C constants, the names the C library tells, the Python strings
// and the documentation are read from here. The lists themselves stand in the core; those of the C interface alone
// (columns, kinds of ids) stand here.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/btyd/diagnostics.hpp"
#include "kundenwert/btyd/draws.hpp"
#include "kundenwert/btyd/prior.hpp"
#include "kundenwert/btyd/quantities.hpp"
#include "kundenwert/btyd/registry.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/measure.hpp"
#include "kundenwert/model/nouns.hpp"
#include "kundenwert/model/table_report.hpp"
#include "kundenwert/model/transaction.hpp"
#include "kundenwert/overview/result.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/rfm.hpp"
#include "kundenwert/time/parse.hpp"
#include "kundenwert/value/clv_convention.hpp"

namespace kundenwert {

// The columns of a summary, as the C interface numbers them.
enum class summary_column : std::int32_t {
  frequency = 1,
  recency = 2,
  age = 3,
  monetary_value = 4,
  first_purchase = 5,
  last_purchase = 6,
  revenue = 7,
  acquired_before_start = 8,
  holdout_frequency = 9,
  holdout_revenue = 10,
  days_since_purchase = 11,
  purchase_days = 12,
  log_interval_sum = 13,
};

// The columns of an overview, as the C interface numbers them.
#define KW_OVERVIEW_COLUMNS(X)                                           \
  X(1, phase, "KW_PHASE_; 0: nothing is known of the customer on as_of") \
  X(2, kind, "KW_CUSTOMER_KIND_")                                        \
  X(3, risks, "bits KW_RISK_")                                           \
  X(4, task, "KW_TASK_")                                                 \
  X(5, goal, "KW_GOAL_")                                                 \
  X(6, suppressions, "bits KW_SUPPRESSION_")                             \
  X(7, first_purchase, "civil day, within the observation")              \
  X(8, last_purchase, "civil day, within the observation")               \
  X(9, purchase_days, "within the observation")                          \
  X(10, revenue, "purchases net of returns, and contract payments due")  \
  X(11, r_score, "1 (worst) to rfm_classes; 0: no score")                \
  X(12, f_score, "as r_score")                                           \
  X(13, m_score, "as r_score")                                           \
  X(14, abc, "KW_ABC_CLASS_, by revenue; 0: no class")                   \
  X(15, probability_alive, "under the model that is used")               \
  X(16, expected_transactions, "within the horizon, not discounted")     \
  X(17, lifetime_value, "within the horizon, discounted to as_of")       \
  X(18, value_basis, "KW_VALUE_BASIS_; 0: no value")                     \
  X(19, value_reasons, "bits KW_REASON_: why there is no value")
KW_DEFINE_CODES(overview_column, overview_columns, KW_OVERVIEW_COLUMNS)

// The tables that show whether and how a model describes customers, as the C interface numbers them.
#define KW_DIAGNOSTICS(X)                                                                      \
  X(1, frequency_histogram, "how many customers bought how often, and are expected to have")   \
  X(2, conditional_expectations, "purchases in the hold-out by history, counted and expected") \
  X(3, history_grid, "a quantity over frequencies and recencies of customers of one age")      \
  X(4, heterogeneity, "densities of how customers differ in purchase and dropout")
KW_DEFINE_CODES(diagnostic, diagnostics, KW_DIAGNOSTICS)

// What the ids of a summary are.
enum class id_type : std::int32_t { none = 1, number = 2, text = 3 };

// What the values of a column of a kw_table are.
enum class column_type : std::int32_t { int32 = 1, int64 = 2, float64 = 3, text = 4 };

// One list of constants: KW_<PREFIX>_<NAME> in C.
struct constant_table {
  std::int32_t number;
  std::string_view name;
  std::string_view prefix;
  std::string_view meaning;
  std::span<const code_entry> entries;
};

namespace detail {

template <class Enum>
constexpr code_entry entry_of(Enum value, std::string_view name, std::string_view meaning) {
  return {static_cast<std::uint32_t>(value), name, meaning};
}
template <class Enum>
constexpr code_entry entry_of(Enum value, std::string_view meaning) {
  return entry_of(value, name_of(value), meaning);
}

inline constexpr std::array unit_entries{entry_of(time_unit::day, "one day"), entry_of(time_unit::week, "7 days"),
                                         entry_of(time_unit::month, "the mean month, 365.25 / 12 days"),
                                         entry_of(time_unit::year, "365.25 days")};

template <class Infos>
constexpr auto model_entries_of(const Infos& infos) {
  std::array<code_entry, std::tuple_size_v<Infos>> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = entry_of(infos[i].number, infos[i].name, infos[i].source);
  return out;
}
inline constexpr auto model_entries = model_entries_of(btyd::model_table);

template <class Infos>
constexpr auto quantity_entries_of(const Infos& infos) {
  std::array<code_entry, std::tuple_size_v<Infos>> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = entry_of(infos[i].id, infos[i].name, infos[i].meaning);
  return out;
}
inline constexpr auto quantity_entries = quantity_entries_of(btyd::quantity_table);

inline constexpr std::array column_entries{
    entry_of(summary_column::frequency, "frequency", "repeat purchase days"),
    entry_of(summary_column::recency, "recency", "age at the last purchase, in time units"),
    entry_of(summary_column::age, "T", "time from the first purchase to the end, in time units"),
    entry_of(summary_column::monetary_value, "monetary_value", "mean of the repeat purchase days; NaN without any"),
    entry_of(summary_column::first_purchase, "first_purchase", "civil day"),
    entry_of(summary_column::last_purchase, "last_purchase", "civil day"),
    entry_of(summary_column::revenue, "revenue", "net of returns, first purchase included"),
    entry_of(summary_column::acquired_before_start, "acquired_before_start", "1: bought before the start; else 0"),
    entry_of(summary_column::holdout_frequency, "holdout_frequency", "purchase days in the hold-out"),
    entry_of(summary_column::holdout_revenue, "holdout_revenue", "revenue in the hold-out"),
    entry_of(summary_column::days_since_purchase, "days_since_purchase", "from the last purchase to the end"),
    entry_of(summary_column::purchase_days, "purchase_days", "with the first one"),
    entry_of(summary_column::log_interval_sum, "log_interval_sum",
             "sum of ln(time between consecutive purchase days), in time units")};

inline constexpr std::array id_type_entries{entry_of(id_type::none, "none", "rows without ids"),
                                            entry_of(id_type::number, "number", "int64"),
                                            entry_of(id_type::text, "text", "UTF-8, 1 to 128 bytes")};

inline constexpr std::array accumulation_entries{
    entry_of(accumulation::exact, "exact", "rows in any order; dates are chosen at the end"),
    entry_of(accumulation::ordered, "ordered", "rows in day order per customer; a fixed state per customer")};

inline constexpr std::array returns_entries{
    entry_of(returns_policy::net, "net", "the amounts of a customer's day are added up"),
    entry_of(returns_policy::drop, "drop", "rows with a negative amount are left out and counted"),
    entry_of(returns_policy::error, "error", "a negative amount is an error")};

inline constexpr std::array rows_entries{
    entry_of(row_mode::strict, "strict", "the first bad row is an error and nothing of its batch is taken"),
    entry_of(row_mode::collect, "collect", "bad rows are left out and listed, up to a limit")};

inline constexpr std::array field_entries{
    entry_of(transaction_field::customer_id, "who"), entry_of(transaction_field::date, "on which civil day"),
    entry_of(transaction_field::amount, "for how much"), entry_of(transaction_field::currency, "in which currency")};

inline constexpr std::array abc_class_entries{
    entry_of(portfolio::abc_class::a, "the customers of the first a_share of the value"),
    entry_of(portfolio::abc_class::b, "those up to b_share"), entry_of(portfolio::abc_class::c, "the others")};

inline constexpr std::array abc_rule_entries{
    entry_of(portfolio::abc_rule::crossing_included, "who crosses a threshold belongs to the better class"),
    entry_of(portfolio::abc_rule::cum_after_le, "who crosses a threshold belongs to the worse class")};

inline constexpr std::array rfm_method_entries{
    entry_of(portfolio::rfm_method::quantile, "1 + floor(K b / n), b customers strictly worse"),
    entry_of(portfolio::rfm_method::nested, "quantile of F within each R score, of M within each R and F score"),
    entry_of(portfolio::rfm_method::fixed, "edges that are given"),
    entry_of(portfolio::rfm_method::ntile, "NTILE(K) of SQL"),
    entry_of(portfolio::rfm_method::compat_rfm, "equal to the R package rfm")};

inline constexpr std::array date_format_entries{
    entry_of(date_format::iso, "2024-02-29"), entry_of(date_format::compact, "20240229"),
    entry_of(date_format::timestamp, "2024-02-29T13:45:00+01:00, the offset and parts of a second may be absent")};

inline constexpr std::array column_type_entries{
    entry_of(column_type::int32, "int32", "int32_t: ids, days, codes, numbers"),
    entry_of(column_type::int64, "int64", "int64_t: ids, codes, numbers, and money in minor units"),
    entry_of(column_type::float64, "float64", "double: money and numbers; NaN is null"),
    entry_of(column_type::text, "text", "UTF-8: ids, text, dates, names of codes")};

// The fields of a noun, numbered from 1.
template <class Columns>
inline constexpr auto noun_field_entries = [] {
  std::array<code_entry, facts_of<Columns>.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const field_fact& fact = facts_of<Columns>[i];
    out[i] = {static_cast<std::uint32_t>(i + 1), fact.name, fact.meaning};
  }
  return out;
}();

}  // namespace detail

inline constexpr std::array constant_tables{
    constant_table{1, "error", "ERROR", "what can go wrong", error_codes},
    constant_table{2, "warning", "WARNING", "what is worth knowing", warning_codes},
    constant_table{3, "outcome", "OUTCOME", "how an estimate ended", outcomes},
    constant_table{4, "reason", "REASON", "why a row has no value: bits of a mask", reasons},
    constant_table{5, "unit", "UNIT", "units of time", detail::unit_entries},
    constant_table{6, "model", "MODEL", "models", detail::model_entries},
    constant_table{7, "quantity", "QUANTITY", "what can be asked of a model", detail::quantity_entries},
    constant_table{8, "column", "COLUMN", "columns of a summary", detail::column_entries},
    constant_table{9, "id_type", "ID_TYPE", "what ids are", detail::id_type_entries},
    constant_table{10, "accumulation", "ACCUMULATION", "what an accumulator keeps", detail::accumulation_entries},
    constant_table{11, "returns", "RETURNS", "what a negative amount means", detail::returns_entries},
    constant_table{12, "rows", "ROWS", "what a bad row does", detail::rows_entries},
    constant_table{13, "field", "FIELD", "columns of a transaction log", detail::field_entries},
    constant_table{14, "abc_class", "ABC_CLASS", "classes of an ABC analysis; 0: unclassified",
                   detail::abc_class_entries},
    constant_table{15, "abc_rule", "ABC_RULE", "who crosses a threshold", detail::abc_rule_entries},
    constant_table{16, "rfm_method", "RFM_METHOD", "how RFM scores are given", detail::rfm_method_entries},
    constant_table{17, "date_format", "DATE_FORMAT", "how dates are written as text", detail::date_format_entries},
    constant_table{18, "table_kind", "TABLE_KIND", "tables of a customer base", table_kinds},
    constant_table{19, "field_type", "FIELD_TYPE", "what the fields of a table hold", field_types},
    constant_table{20, "column_type", "COLUMN_TYPE", "what the values of a column are", detail::column_type_entries},
    constant_table{21, "phase", "PHASE", "where a customer stands", lifecycle::phases},
    constant_table{22, "risk", "RISK", "signs of danger: bits of a mask", lifecycle::risks},
    constant_table{23, "customer_kind", "CUSTOMER_KIND", "kinds of customers", lifecycle::customer_kinds},
    constant_table{24, "task", "TASK", "what is to be done", lifecycle::tasks},
    constant_table{25, "goal", "GOAL", "strategic goals", lifecycle::goals},
    constant_table{26, "suppression", "SUPPRESSION", "what holds promotion back: bits of a mask",
                   lifecycle::suppressions},
    constant_table{27, "measure", "MEASURE", "measures", measures},
    constant_table{28, "value_basis", "VALUE_BASIS", "what a customer's value is found from", value_bases},
    constant_table{29, "money_basis", "MONEY_BASIS", "what values are", money_bases},
    constant_table{30, "spend_basis", "SPEND_BASIS", "what the value of a purchase is found from", spend_bases},
    constant_table{31, "convention", "CONVENTION", "conventions of a contractual lifetime value",
                   value::clv_conventions},
    constant_table{32, "overview_column", "OVERVIEW_COLUMN", "columns of an overview", overview_columns},
    constant_table{33, "prior", "PRIOR", "densities of what is known before the data", btyd::prior_families},
    constant_table{34, "draw_method", "DRAW_METHOD", "where draws of parameters come from", btyd::draw_methods},
    constant_table{35, "history_part", "HISTORY_PART", "what customers are told apart by", btyd::history_parts},
    constant_table{36, "diagnostic", "DIAGNOSTIC", "tables of how a model describes customers", diagnostics}};

// The tables that follow from the nouns: for every kind its fields, KW_<KIND>_FIELD_, and for every field with codes
// those, KW_<KIND>_<FIELD>_. Their numbers are 100 times the number of the kind, plus that of the field.
// visit(number, kind, field's name or "field", entries).
inline constexpr std::int32_t tables_per_noun = 100;

template <class Visit>
constexpr void for_each_noun_table(Visit&& visit) {
  for_each_noun([&]<class Columns>(std::type_identity<Columns>) {
    constexpr table_kind kind = noun<Columns>::kind;
    constexpr std::int32_t first = static_cast<std::int32_t>(kind) * tables_per_noun;
    static_assert(facts_of<Columns>.size() < tables_per_noun);
    visit(first, kind, std::string_view("field"), std::span<const code_entry>(detail::noun_field_entries<Columns>));
    for (const auto& entry : detail::noun_field_entries<Columns>) {
      const field_fact& fact = facts_of<Columns>[entry.number - 1];
      if (!fact.codes.empty()) visit(first + static_cast<std::int32_t>(entry.number), kind, fact.name, fact.codes);
    }
  });
}

}  // namespace kundenwert
