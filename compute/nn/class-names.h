/* class-names.h: what a network's classes are called, as people and as files write it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_class_names_parse: @text: names with commas between them; space around them does not count. Returns: (transfer full)
 * (nullable): NULL when one of them is empty */
char **dfkd_class_names_parse (const char *text);

/** dfkd_class_names_from_json: @text: a list of names that are not empty. Returns: (transfer full) (nullable): NULL of anything else */
char **dfkd_class_names_from_json (const char *text);
/** dfkd_class_names_to_json: Returns: (transfer full): on one line */
char *dfkd_class_names_to_json (const char *const *names);

/** dfkd_class_name: @names: (nullable) (array zero-terminated=1). Returns: (transfer full): for people: "ankle boot", translated where that is known, or "class 3";
 * "no class" for a negative @index */
char *dfkd_class_name (const char *const *names, int index);

G_END_DECLS
