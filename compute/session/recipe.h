/* recipe.h: a complete set of parameter values, read from and written to JSON. */
#pragma once

#include "method.h"
#include "parameters.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char *name;
  double number[DFKD_N_PARAMETERS]; /* TEXT: unused */
  char *text[DFKD_N_PARAMETERS];    /* TEXT only */
  gboolean said[DFKD_N_PARAMETERS]; /* whether a file or dfkd_recipe_set() says the value; else it is the default, a method's or set by hand */
} DfkdRecipe;

/** dfkd_recipe_new: the default recipe: the demo on the embedded teacher. */
DfkdRecipe *dfkd_recipe_new (void);
DfkdRecipe *dfkd_recipe_copy (const DfkdRecipe *recipe);
/** dfkd_recipe_locate: makes the paths of files that are there absolute, so that a run finds them again wherever it is gone on with. */
void dfkd_recipe_locate (DfkdRecipe *recipe);
/** dfkd_recipe_is_path: whether the parameter is the name of a file or folder: teacher, data, label_embeddings */
gboolean dfkd_recipe_is_path (DfkdParameterId id);
/** dfkd_recipe_path_beside: the whole path of @text, which something in @folder says, where that is relative and lies there. Returns: (transfer
 * full) (nullable) */
char *dfkd_recipe_path_beside (const char *text, const char *folder);
/** dfkd_recipe_locate_beside: makes paths absolute that are meant from @folder, where the recipe's file lies; others stay */
void dfkd_recipe_locate_beside (DfkdRecipe *recipe, const char *folder);
void dfkd_recipe_free (DfkdRecipe *recipe);

/** dfkd_recipe_load: from a JSON file {"name": …, "parameters": {"k": 5, …}}; what is absent keeps its
 * default (a method's, where it has one); unknown names, wrong types and values out of range are errors naming file, parameter and range. Paths
 * are taken from where the file lies, else from here. */
DfkdRecipe *dfkd_recipe_load (const char *path, GError **error);
/** dfkd_recipe_load_kept: likewise, as dfkd_recipe_recall() reads it */
DfkdRecipe *dfkd_recipe_load_kept (const char *path, GError **error);
gboolean dfkd_recipe_save (const DfkdRecipe *recipe, const char *path, GError **error);
DfkdRecipe *dfkd_recipe_from_json (const char *json, gssize length, const char *source, GError **error);
/** dfkd_recipe_recall: likewise, of what a run keeps: as its dials stand, which dfkd_recipe_check_values() judges */
DfkdRecipe *dfkd_recipe_recall (const char *json, gssize length, const char *source, GError **error);
/** dfkd_recipe_to_json: every parameter, pretty-printed, numbers in C locale. Returns: (transfer full) */
char *dfkd_recipe_to_json (const DfkdRecipe *recipe);

/** dfkd_recipe_add_value: a value as JSON has it, a choice by its name */
void dfkd_recipe_add_value (const DfkdRecipe *recipe, DfkdParameterId id, JsonBuilder *builder);
/** dfkd_recipe_add_values: an object of all values, but that of @without (DFKD_N_PARAMETERS: of all) */
void dfkd_recipe_add_values (const DfkdRecipe *recipe, DfkdParameterId without, JsonBuilder *builder);

/** dfkd_recipe_set: parses @value as the parameter's type ("5", "1e-3", "reptile", a path). A method brings its settings along:
 * set it before what shall differ from them. */
gboolean dfkd_recipe_set (DfkdRecipe *recipe, DfkdParameterId id, const char *value, GError **error);
/** dfkd_recipe_take_method: the values of the recipe's method for what it sets. */
void dfkd_recipe_take_method (DfkdRecipe *recipe);
/** dfkd_recipe_get_method: the record of the recipe's method. */
const DfkdMethod *dfkd_recipe_get_method (const DfkdRecipe *recipe);
/** dfkd_recipe_number: a value by the parameter's name; NAN when there is no such parameter. */
double dfkd_recipe_number (const DfkdRecipe *recipe, const char *name);
/** dfkd_recipe_student_batch: images in a student step. */
guint dfkd_recipe_student_batch (const DfkdRecipe *recipe);
/** dfkd_recipe_temperature: of the student's loss; 1 where "as_released" has none. */
double dfkd_recipe_temperature (const DfkdRecipe *recipe);
/** dfkd_recipe_equation: of a parameter, as the recipe's method has it: plain text, "" if none. */
const char *dfkd_recipe_equation (const DfkdRecipe *recipe, DfkdParameterId id);
/** dfkd_recipe_get: the value as text that dfkd_recipe_set() takes. Returns: (transfer full) */
char *dfkd_recipe_get (const DfkdRecipe *recipe, DfkdParameterId id);
/** dfkd_recipe_get_short: as people read it in a table: a path by its last part, "–" for none. Returns: (transfer full) */
char *dfkd_recipe_get_short (const DfkdRecipe *recipe, DfkdParameterId id);
/** dfkd_recipe_same: whether both have the same value, as dfkd_recipe_get() tells it: to ten digits. A sweep's values may differ in the last ones from
 * one machine to another. */
gboolean dfkd_recipe_same (const DfkdRecipe *a, const DfkdRecipe *b, DfkdParameterId id);
/** dfkd_recipe_is_built: TRUE when a run of this recipe can only change the parameter by a restart: those of DFKD_PARAMETER_BUILD,
 * and k of FastDFKD with the meta gradient maml, which keeps every inner step. */
gboolean dfkd_recipe_is_built (const DfkdRecipe *recipe, DfkdParameterId id);
/** dfkd_recipe_check: whether a run can begin by it: that of every parameter, and what no single one shows: warm-up before the end */
gboolean dfkd_recipe_check (const DfkdRecipe *recipe, GError **error);
/** dfkd_recipe_check_values: every parameter by itself. A run that goes on may be past what the others say of it: its warm-up longer than it is, so that
 * its student rests, or its syntheses fewer. */
gboolean dfkd_recipe_check_values (const DfkdRecipe *recipe, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdRecipe, dfkd_recipe_free)

G_END_DECLS
