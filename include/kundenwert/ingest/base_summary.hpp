// The summary of a customer base's purchases: what classification and transaction models read, with the way back to the
// rows of the base.
//
// References: Fader & Hardie, note 004 (frequency, recency, T); domain specification B0, B4.1.
#pragma once

#include <cstdint>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/customer_totals.hpp"
#include "kundenwert/ingest/id_order.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert {

// A summary of a base's purchases and where its rows are in the base: customers without a purchase day in the
// observation are no row of the summary.
struct base_summary {
  summary customers;
  std::vector<std::int64_t> base_row;  // one per row of the summary, ascending
};

// The summary as of options.end, with the meaning of accumulator::finish; the same bits as that gives for a log without
// transaction ids. A purchase counts in the observation unless it was cancelled up to `end`, in the hold-out unless up
// to `holdout_end`. Of the log, the counts of customers are filled. Throws missing, date_range, date_order, cancelled.
base_summary summary_of(const customer_base& base, const finish_options& options);

inline base_summary summary_of(const customer_base& base, const finish_options& options) {
  const day_window window = window_of({options.unit, options.end, options.start, options.holdout_end});
  base_summary result;
  summary& out = result.customers;
  out.unit = options.unit;
  out.start = options.start;
  out.end = options.end;
  out.holdout_end = options.holdout_end;
  out.currency = base.currency;

  struct part {
    std::vector<customer_record> records;
    std::vector<std::int64_t> rows;
    std::int64_t returns_only = 0;
    std::int64_t outside = 0;
  };
  constexpr std::int64_t customers_per_part = 1 << 14;
  std::vector<part> parts(static_cast<std::size_t>((base.size() + customers_per_part - 1) / customers_per_part));
  progress_share folding{options.watch, 0, 0.7};
  progress_share writing{options.watch, 0.7, 1};
  for_each_chunk(
      base.size(), customers_per_part, options.threads,
      [&](std::int64_t number, std::int64_t first, std::int64_t last) {
        part& p = parts[static_cast<std::size_t>(number)];
        for (std::int64_t i = first; i < last; ++i) {
          const auto days = base.purchases.of(i);
          if (days.empty()) continue;
          customer_totals totals;
          for (const purchase_day& d : days) {
            const std::int32_t known_on = d.day <= window.end ? window.end : window.holdout_end;
            totals.take(d.day, d.is_purchase(known_on), exact_sum(d.revenue), window);
          }
          if (totals.has_purchase()) {
            p.records.push_back(totals.record(0));
            p.rows.push_back(i);
          } else {
            ++(totals.is_observed() ? p.returns_only : p.outside);
          }
        }
      },
      folding.watch());

  std::vector<std::size_t> begins(1, 0);
  for (const part& p : parts) {
    begins.push_back(begins.back() + p.rows.size());
    out.log.customers_returns_only += p.returns_only;
    out.log.customers_outside += p.outside;
  }
  const summary_contents contents{base.ids.is_text, base.has_amounts, options.holdout_end != no_day};
  detail::resize_columns(out, begins.back(), contents, options.threads);
  out.ids.is_text = base.ids.is_text;
  result.base_row.resize(begins.back());
  const detail::unit_length unit(days_per(options.unit));
  for_each_chunk(
      static_cast<std::int64_t>(parts.size()), 1, options.threads,
      [&](std::int64_t number, std::int64_t, std::int64_t) {
        const part& p = parts[static_cast<std::size_t>(number)];
        for (std::size_t j = 0; j < p.rows.size(); ++j) {
          const std::size_t i = begins[static_cast<std::size_t>(number)] + j;
          const auto row = static_cast<std::size_t>(p.rows[j]);
          result.base_row[i] = p.rows[j];
          if (base.ids.is_text) {
            out.ids.offsets[i + 1] = base.ids.offsets[row + 1] - base.ids.offsets[row];
          } else {
            out.ids.numbers[i] = base.ids.numbers[row];
          }
          detail::write_row(out, i, p.records[j], window, contents, unit);
        }
      },
      writing.watch());
  if (!base.ids.is_text) return result;
  for (std::size_t i = 0; i < begins.back(); ++i) out.ids.offsets[i + 1] += out.ids.offsets[i];
  out.ids.text.reserve(static_cast<std::size_t>(out.ids.offsets.back()));
  for (const std::int64_t row : result.base_row) out.ids.text += base.ids.text_at(row);
  return result;
}

}  // namespace kundenwert
