// Measures: what can be done for and with customers. The catalogue of codes with the group they belong to; a caller's
// own measures map to these codes.
//
// References: domain specification B11.1 (catalogue), B4.4 (suppression: a promotional measure is not offered while a
// complaint is open, without consent, or to excluded customers).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "kundenwert/base/codes.hpp"

namespace kundenwert {

// X(number, name, meaning)
#define KW_MEASURES(X)                                                   \
  X(1, innovation, "innovative products and services")                   \
  X(2, process_optimization, "better business processes")                \
  X(3, data_analysis, "analysis of customer data")                       \
  X(4, customer_communication, "communication oriented to the customer") \
  X(5, customer_distribution, "distribution oriented to the customer")   \
  X(6, customer_service, "service oriented to the customer")             \
  X(7, advice, "advice talks")                                           \
  X(8, info_channels, "information and ordering over several channels")  \
  X(9, financing, "payment and financing options")                       \
  X(10, warranty, "warranty")                                            \
  X(11, configurator, "product configurator")                            \
  X(12, drinks_service, "drinks service")                                \
  X(13, kids_corner, "children's corner")                                \
  X(14, delivery, "delivery service")                                    \
  X(15, delivery_options, "choice of delivery")                          \
  X(16, alteration, "alteration")                                        \
  X(17, exchange, "exchange")                                            \
  X(18, spare_parts, "spare parts")                                      \
  X(19, assembly, "assembly")                                            \
  X(20, repair, "repair")                                                \
  X(21, maintenance, "maintenance")                                      \
  X(22, claims_handling, "handling of claims")                           \
  X(23, complaint_management, "complaint management")                    \
  X(24, discount, "discount campaign")                                   \
  X(25, coupon, "coupon")                                                \
  X(26, sample, "sample")                                                \
  X(27, customer_card, "customer card")                                  \
  X(28, club, "customer club")                                           \
  X(29, magazine, "customer magazine")                                   \
  X(30, voucher_next, "voucher for the next purchase")                   \
  X(31, drink_on_house, "drink on the house")                            \
  X(32, newsletter, "exclusive newsletter")                              \
  X(33, advertising, "advertising")                                      \
  X(34, addressing, "personal addressing")                               \
  X(35, handset_subsidy, "subsidised device at the start")               \
  X(36, welcome, "welcome")                                              \
  X(37, personal_offer, "personal offer")                                \
  X(38, referral_program, "referral program")                            \
  X(39, contact_call, "personal call")                                   \
  X(40, key_account_care, "care by a key account manager")               \
  X(41, defection_interview, "interview about the reasons of leaving")   \
  X(42, win_back_offer, "offer to come back")                            \
  X(43, survey, "survey of satisfaction")                                \
  X(44, mystery_research, "mystery research")                            \
  X(45, staff_training, "training of staff")
KW_DEFINE_CODES(measure, measures, KW_MEASURES)

// True for measures that promote: those a suppression stops.
constexpr bool is_promotional(measure m) {
  switch (m) {
    case measure::discount:
    case measure::coupon:
    case measure::sample:
    case measure::customer_card:
    case measure::club:
    case measure::magazine:
    case measure::voucher_next:
    case measure::drink_on_house:
    case measure::newsletter:
    case measure::advertising:
    case measure::addressing:
    case measure::handset_subsidy:
    case measure::personal_offer:
    case measure::referral_program:
    case measure::win_back_offer:
      return true;
    default:
      return false;
  }
}

}  // namespace kundenwert
