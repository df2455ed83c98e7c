/* streams.h: standard input, output and error of a program that may have been begun without them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_streams_fill: before anything is opened: takes the places of those that whoever began the program has closed
 *
 * The next file, a run's log or a model, would have their place, and what is printed would stand in it. Reading and writing fail as they did.
 * Returns: whether all three are taken
 */
gboolean dfkd_streams_fill (void);

G_END_DECLS
