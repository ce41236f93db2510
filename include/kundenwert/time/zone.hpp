// Named time zones: the civil day that a clock on the wall of a place shows at an instant. Outside the umbrella header
// and the header-only target: link kundenwert::zone, which reads the time zone database of the system.
//
// References: IANA time zone database; date/tz.h, H. Hinnant.
//
// Range: the database lists changes of the clock up to 2037. Later instants have the offset of the last one listed,
// which for zones with summer time is the winter's.
#pragma once

#include <date/tz.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert {

// A zone by its name in the database, "Europe/Berlin". Throws timezone for a name it does not hold, or where the
// system has no database. Copies are cheap; the database lives until the program ends.
class time_zone {
 public:
  explicit time_zone(std::string_view name, std::string_view argument = "time_zone");

  std::string_view name() const { return zone_->name(); }
  // Seconds east of UTC at an instant. Throws date_range more than a day outside 1900-01-01 to 2199-12-31.
  std::chrono::seconds offset_at(std::int64_t utc_microseconds) const;

 private:
  const date::time_zone* zone_;
};

// The civil day of a timestamp (microseconds since 1970-01-01T00:00:00Z) in a zone. Throws date_range outside
// 1900-01-01 to 2199-12-31.
std::int32_t local_day(std::int64_t utc_microseconds, const time_zone& zone, std::string_view argument = "timestamp",
                       std::int64_t row = no_row);

// Column of local_day. A null is refused (missing).
std::vector<std::int32_t> local_days(const column<std::int64_t>& utc_microseconds, const time_zone& zone,
                                     std::string_view argument = "timestamp");

namespace detail {

// Rounds down, also before 1970.
inline date::sys_seconds sys_seconds_of(std::int64_t utc_microseconds) {
  return date::sys_seconds{std::chrono::seconds{floor_divide(utc_microseconds, std::int64_t{1'000'000})}};
}

// Throws unless the instant is within a day of the domain, so that no sum below can overflow.
inline void require_instant(std::int64_t utc_microseconds, std::string_view argument, std::int64_t row) {
  const std::int64_t day = floor_divide(utc_microseconds, microseconds_per_day);
  if (day < earliest_day - 1 || day > latest_day + 1) {
    fail_at(error_code::date_range, argument, row, "is outside 1900-01-01 to 2199-12-31");
  }
}

inline std::int32_t day_at_offset(std::int64_t utc_microseconds, std::chrono::seconds offset, std::string_view argument,
                                  std::int64_t row) {
  const std::int64_t local = utc_microseconds + offset.count() * 1'000'000;
  const auto day = static_cast<std::int32_t>(floor_divide(local, microseconds_per_day));
  require_day(day, argument, row);
  return day;
}

}  // namespace detail

inline time_zone::time_zone(std::string_view name, std::string_view argument) : zone_(nullptr) {
  try {
    zone_ = date::locate_zone(name);
  } catch (const std::runtime_error& missing) {
    fail(error_code::timezone, argument, missing.what());
  }
}

inline std::chrono::seconds time_zone::offset_at(std::int64_t utc_microseconds) const {
  detail::require_instant(utc_microseconds, "timestamp", no_row);
  const auto instant = detail::sys_seconds_of(utc_microseconds);
  return zone_->to_local(instant).time_since_epoch() - instant.time_since_epoch();
}

inline std::int32_t local_day(std::int64_t utc_microseconds, const time_zone& zone, std::string_view argument,
                              std::int64_t row) {
  detail::require_instant(utc_microseconds, argument, row);
  return detail::day_at_offset(utc_microseconds, zone.offset_at(utc_microseconds), argument, row);
}

inline std::vector<std::int32_t> local_days(const column<std::int64_t>& utc_microseconds, const time_zone& zone,
                                            std::string_view argument) {
  std::vector<std::int32_t> days;
  days.reserve(utc_microseconds.values.size());
  for (std::int64_t row = 0; row < utc_microseconds.size(); ++row) {
    if (!utc_microseconds.is_valid(row)) fail_at(error_code::missing, argument, row, "is null");
    days.push_back(local_day(utc_microseconds[row], zone, argument, row));
  }
  return days;
}

}  // namespace kundenwert
