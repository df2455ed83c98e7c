/* clocks-json.h: the clocks of a run as its summary has them. */
#pragma once

#include "channel.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** dfkd_json_clocks: the member "seconds" of the object that @builder is in */
void dfkd_json_clocks (JsonBuilder *builder, const DfkdClocks *clocks);

G_END_DECLS
