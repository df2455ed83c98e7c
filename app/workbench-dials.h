/* workbench-dials.h: where every dial of a run stands, and how to take a turn back.
 *
 * A turn is one change that a person made: of one parameter (what follows within a second on the same one, as while a slider is
 * dragged, belongs to it) or of several at once. The last 200 turns can be undone and done again. It knows no session: who steers one
 * listens to "changed".
 *
 * Signals: "changed" (DfkdParameterId as guint) after the value of a parameter changed, whoever changed it; "turns" when there is
 * something else to undo or to do again, or when what waits for a restart has changed. */
#pragma once

#include "dfkd.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_DIALS (workbench_dials_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchDials, workbench_dials, WORKBENCH, DIALS, GObject)

enum {
  WORKBENCH_MOST_TURNS = 200,
};

/** workbench_dials_new: all dials stand as in @recipe, which is also what they are reset to. */
WorkbenchDials *workbench_dials_new (const DfkdRecipe *recipe);

/** workbench_dials_get: the value of a number or choice */
double workbench_dials_get (WorkbenchDials *self, DfkdParameterId id);
/** workbench_dials_get_text: of a parameter that is text. (transfer none) */
const char *workbench_dials_get_text (WorkbenchDials *self, DfkdParameterId id);
/** workbench_dials_set: a turn, of a method together with all that it sets; @value: as dfkd_parameter_check() allows, else nothing happens and FALSE is returned with its error. */
gboolean workbench_dials_set (WorkbenchDials *self, DfkdParameterId id, double value, GError **error);
void workbench_dials_set_text (WorkbenchDials *self, DfkdParameterId id, const char *text);
/** workbench_dials_reset_all: all to the recipe, as one turn */
void workbench_dials_reset_all (WorkbenchDials *self);
/** workbench_dials_take: all that stands otherwise in @wanted, as one turn, which is described by @lead if that is among it. What they
 * are reset to stays. */
void workbench_dials_take (WorkbenchDials *self, const DfkdRecipe *wanted, DfkdParameterId lead);
/** workbench_dials_differs: whether a parameter stands otherwise than in the recipe */
gboolean workbench_dials_differs (WorkbenchDials *self, DfkdParameterId id);
gboolean workbench_dials_differ (WorkbenchDials *self);

/** workbench_dials_get_recipe: what they are reset to. (transfer none) */
const DfkdRecipe *workbench_dials_get_recipe (WorkbenchDials *self);
/** workbench_dials_set_recipe: what they are reset to from now on */
void workbench_dials_set_recipe (WorkbenchDials *self, const DfkdRecipe *recipe);
/** workbench_dials_copy_recipe: a recipe of that name with all dials as they stand; it says what was turned. (transfer full) */
DfkdRecipe *workbench_dials_copy_recipe (WorkbenchDials *self);

gboolean workbench_dials_undo (WorkbenchDials *self);
gboolean workbench_dials_redo (WorkbenchDials *self);
/** workbench_dials_describe_undo: what undo would take back: "k 5 → 2", for people; NULL when there is nothing. (transfer full) */
char *workbench_dials_describe_undo (WorkbenchDials *self);
char *workbench_dials_describe_redo (WorkbenchDials *self);
/** workbench_dials_get_lead: the parameter that brought the others of the last turn with it, as a method its settings; −1: none did */
int workbench_dials_get_lead (WorkbenchDials *self);
/** workbench_dials_end_turn: the next change is a turn of its own, however soon it comes */
void workbench_dials_end_turn (WorkbenchDials *self);

/** workbench_dials_waits: TRUE when the run that goes on does not compute with this value: a restart will */
gboolean workbench_dials_waits (WorkbenchDials *self, DfkdParameterId id);
/** workbench_dials_set_waits: said by who steers the session */
void workbench_dials_set_waits (WorkbenchDials *self, DfkdParameterId id, gboolean waits);

G_END_DECLS
