/* clocks-json.c: a number for each clock. */
#include "clocks-json.h"

#include "json-output.h"

void
dfkd_json_clocks (JsonBuilder *builder, const DfkdClocks *clocks)
{
  json_builder_set_member_name (builder, "seconds");
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "generate", clocks->generate);
  dfkd_json_number (builder, "distil", clocks->distil);
  dfkd_json_number (builder, "evaluate", clocks->evaluate);
  dfkd_json_number (builder, "show", clocks->show);
  dfkd_json_number (builder, "total", clocks->total);
  json_builder_end_object (builder);
}
