#include "bindings.hpp"

PYBIND11_MODULE(_core, m) {
  using namespace kundenwert::python;
  m.doc() = "The compiled core of kundenwert. Its public face is the package kundenwert.";
  register_errors(m);
  register_tables(m);
  register_arrow(m);
  register_ingest(m);
  register_btyd(m);
  register_draws(m);
  register_judgement(m);
  register_portfolio(m);
  register_base(m);
  register_value(m);
  register_overview(m);
  register_simulate(m);
}
