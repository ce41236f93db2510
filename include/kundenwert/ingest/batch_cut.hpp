// A batch on its way into exact mode: read once to check and count, then once more to write every customer-day entry
// straight to its partition. Between the two nothing of the accumulator is changed, so a bad row costs nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/prefetch.hpp"
#include "kundenwert/ingest/batch_rows.hpp"
#include "kundenwert/ingest/customer_days.hpp"
#include "kundenwert/ingest/ids.hpp"

namespace kundenwert {

// Rows that are read as one piece; a batch of at least one piece is cut into partitions at once.
inline constexpr std::int64_t rows_per_piece = std::int64_t{1} << 15;

// What the first reading of a piece found.
struct batch_piece {
  row_findings findings;
  std::int32_t first_day = 0;
  std::vector<std::uint32_t> rows_of_day;  // rows taken, from first_day on
  std::vector<std::uint32_t> entries;      // per partition; only where the batch is to be cut

  std::int32_t last_day() const { return first_day + static_cast<std::int32_t>(rows_of_day.size()) - 1; }
};

// An empty piece with room for the days of rows [begin, end).
batch_piece piece_for(const column<std::int32_t>& days, std::int64_t begin, std::int64_t end);

// First reading in pieces. `is_cut`: counts entries per partition, and keeps the hashes of text ids in `hashes` (one
// per row, empty where ids are numbers). Throws the first bad row in strict mode.
std::vector<batch_piece> check_batch(const batch_rows& rows, const column<std::int32_t>& days, bool is_cut,
                                     std::vector<std::uint64_t>& hashes, int threads);

// Second reading of a batch that was checked with is_cut. New texts are added to the dictionary.
segment cut_batch(const batch_rows& rows, const std::vector<batch_piece>& pieces,
                  const std::vector<std::uint64_t>& hashes, id_dictionary& dictionary, int threads);

inline batch_piece piece_for(const column<std::int32_t>& days, std::int64_t begin, std::int64_t end) {
  std::int32_t first = latest_day;
  std::int32_t last = earliest_day;
  for (std::int64_t i = begin; i < end; ++i) {
    first = std::min(first, days[i]);
    last = std::max(last, days[i]);
  }
  // Rows of other days are bad and not counted.
  first = std::clamp(first, earliest_day, latest_day);
  last = std::clamp(last, first, latest_day);
  batch_piece piece;
  piece.first_day = first;
  piece.rows_of_day.assign(static_cast<std::size_t>(last - first + 1), 0);
  return piece;
}

inline std::vector<batch_piece> check_batch(const batch_rows& rows, const column<std::int32_t>& days, bool is_cut,
                                            std::vector<std::uint64_t>& hashes, int threads) {
  std::vector<batch_piece> pieces(static_cast<std::size_t>((rows.size() + rows_per_piece - 1) / rows_per_piece));
  std::uint64_t* const kept_hashes = hashes.empty() ? nullptr : hashes.data();
  for_each_chunk(rows.size(), rows_per_piece, threads, [&](std::int64_t i, std::int64_t begin, std::int64_t end) {
    batch_piece piece = piece_for(days, begin, end);
    if (is_cut) piece.entries.assign(partitions, 0);
    std::uint32_t* const rows_of_day = piece.rows_of_day.data();
    std::uint32_t* const entries = piece.entries.data();
    const std::int32_t first_day = piece.first_day;
    rows.check(begin, end, piece.findings,
               [=](std::int64_t row, std::uint64_t key, std::int32_t day, const row_money& money) {
                 ++rows_of_day[day - first_day];
                 if (entries != nullptr) entries[partition_of(key)] += entries_of(money);
                 if (kept_hashes != nullptr) kept_hashes[row] = key;
                 return true;
               });
    pieces[static_cast<std::size_t>(i)] = std::move(piece);
  });
  return pieces;
}

namespace detail {

// Gives the entries of texts, still under their hashes, the keys of the dictionary. `texts` holds, entry by entry,
// where the text stands in the batch: offset << 8 | length.
inline void find_keys(segment& part, const std::uint64_t* texts, const char* data, id_dictionary& dictionary,
                      int threads) {
  for_each_chunk(static_cast<std::int64_t>(partitions), partitions_per_task, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(last); ++p) {
                     for (std::size_t i = part.begin[p]; i < part.begin[p + 1]; ++i) {
                       constexpr std::uint64_t length_mask = 0xFF;
                       // Rows of a partition lie all over the batch; this many reads in flight hide the wait.
                       constexpr std::size_t ahead = 16;
                       if (i + ahead < part.begin[p + 1]) prefetch(data + (texts[i + ahead] >> 8));
                       const std::string_view text(data + (texts[i] >> 8), texts[i] & length_mask);
                       std::uint64_t& key = part.entries[i].key;
                       key = dictionary[p].key_of(text, key);
                     }
                   }
                 });
}

}  // namespace detail

inline segment cut_batch(const batch_rows& rows, const std::vector<batch_piece>& pieces,
                         const std::vector<std::uint64_t>& hashes, id_dictionary& dictionary, int threads) {
  segment part;
  part.begin.assign(partitions + 1, 0);
  std::vector<std::size_t> next(pieces.size() * partitions);  // where a piece writes its next entry of a partition
  std::size_t at = 0;
  for (std::size_t p = 0; p < partitions; ++p) {
    part.begin[p] = at;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      next[i * partitions + p] = at;
      at += pieces[i].entries[p];
    }
  }
  part.begin[partitions] = at;
  part.entries.resize(at);
  std::vector<std::uint64_t, unwritten_allocator<std::uint64_t>> texts;
  if (!hashes.empty()) texts.resize(at);
  const text_column* const ids = rows.text_ids();
  for_each_chunk(rows.size(), rows_per_piece, threads, [&](std::int64_t i, std::int64_t begin, std::int64_t end) {
    std::size_t* const places = next.data() + static_cast<std::size_t>(i) * partitions;
    customer_day_entry* const entries = part.entries.data();
    const bool had_rejected = !pieces[static_cast<std::size_t>(i)].findings.rejected.empty();
    if (ids == nullptr) {
      rows.read(begin, end, had_rejected, nullptr,
                [=](std::int64_t, std::uint64_t key, std::int32_t day, const row_money& money) {
                  std::size_t& place = places[partition_of(key)];
                  pack_row(key, day, money, [&](const customer_day_entry& e) { entries[place++] = e; });
                  return true;
                });
      return;
    }
    std::uint64_t* const text_places = texts.data();
    rows.read(begin, end, had_rejected, hashes.data(),
              [=](std::int64_t row, std::uint64_t key, std::int32_t day, const row_money& money) {
                std::size_t& place = places[partition_of(key)];
                const std::int64_t offset = ids->offsets[static_cast<std::size_t>(row)];
                const std::uint64_t text = static_cast<std::uint64_t>(offset) << 8 | (*ids)[row].size();
                pack_row(key, day, money, [&](const customer_day_entry& e) {
                  text_places[place] = text;
                  entries[place++] = e;
                });
                return true;
              });
  });
  if (ids != nullptr) detail::find_keys(part, texts.data(), ids->data, dictionary, threads);
  return part;
}

}  // namespace kundenwert
