/* picture-end.h: whether a file that holds a picture holds all of it, where those who read it fill up what is missing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_picture_is_whole: FALSE for a JPEG file without its end marker and a WebP file that is shorter than it says; TRUE for whatever
 * is neither. Pictures are not decoded. */
gboolean dfkd_picture_is_whole (GBytes *file);

G_END_DECLS
