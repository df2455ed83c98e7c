/* workbench-dials.c: values, and a bounded list of turns. */
#include "workbench-dials.h"

#include <glib/gi18n.h>

/* a value of any type of parameter */
typedef struct {
  double number;
  char *text; /* NULL unless the parameter is text */
} Value;

typedef struct {
  DfkdParameterId id;
  Value before, after;
} Change;

typedef struct {
  GArray *changes; /* of Change */
  gint lead;       /* the parameter that brought the others with it; -1: none */
  gint64 when;     /* of the last change in it */
} Turn;

struct _WorkbenchDials
{
  GObject parent_instance;

  DfkdRecipe *recipe, *now;
  GPtrArray *turns; /* of Turn: @done of them stand, the others were undone */
  guint done;
  gboolean closed; /* the last turn takes no more changes */
  gboolean waits[DFKD_N_PARAMETERS];
};

G_DEFINE_FINAL_TYPE (WorkbenchDials, workbench_dials, G_TYPE_OBJECT)

enum {
  CHANGED,
  TURNS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const gint64 ONE_TURN = G_USEC_PER_SEC; /* between changes that belong together */

static gboolean
is_text (DfkdParameterId id)
{
  return dfkd_parameter (id)->type == DFKD_PARAMETER_TEXT;
}

static Value
value_in (const DfkdRecipe *recipe, DfkdParameterId id)
{
  return (Value){ recipe->number[id], is_text (id) ? g_strdup (recipe->text[id]) : NULL };
}

static gboolean
equal (const DfkdRecipe *a, const DfkdRecipe *b, DfkdParameterId id)
{
  return is_text (id) ? g_str_equal (a->text[id], b->text[id]) : a->number[id] == b->number[id];
}

static void
clear_change (gpointer data)
{
  Change *change = data;

  g_free (change->before.text);
  g_free (change->after.text);
}

static void
free_turn (gpointer data)
{
  g_array_unref (((Turn *) data)->changes);
  g_free (data);
}

static void
put (WorkbenchDials *self, DfkdParameterId id, const Value *value)
{
  self->now->number[id] = value->number;
  if (is_text (id))
    {
      g_free (self->now->text[id]);
      self->now->text[id] = g_strdup (value->text);
    }
}

static Turn *
last_turn (WorkbenchDials *self)
{
  return self->done > 0 ? g_ptr_array_index (self->turns, self->done - 1) : NULL;
}

static Turn *
add_turn (WorkbenchDials *self)
{
  Turn *turn = g_new0 (Turn, 1);

  g_ptr_array_set_size (self->turns, (gint) self->done); /* what was undone cannot be done again any more */
  if (self->done == WORKBENCH_MOST_TURNS)
    g_ptr_array_remove_index (self->turns, 0);
  turn->lead = -1;
  turn->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (turn->changes, clear_change);
  g_ptr_array_add (self->turns, turn);
  self->done = self->turns->len;
  self->closed = FALSE;
  return turn;
}

static void
record (WorkbenchDials *self, Turn *turn, DfkdParameterId id, const Value *after)
{
  Change change = { id, value_in (self->now, id), { after->number, g_strdup (after->text) } };

  g_array_append_val (turn->changes, change);
  turn->when = g_get_monotonic_time ();
  put (self, id, after);
}

/* a change by itself: a turn of its own, or more of the last one */
static void
change (WorkbenchDials *self, DfkdParameterId id, const Value *after)
{
  Turn *turn = last_turn (self);
  Change *last = turn != NULL && turn->changes->len == 1 ? &g_array_index (turn->changes, Change, 0) : NULL;
  gint64 now = g_get_monotonic_time ();

  if (last != NULL && last->id == id && !self->closed && !is_text (id) && self->done == self->turns->len && now - turn->when < ONE_TURN)
    {
      last->after.number = after->number;
      turn->when = now;
      put (self, id, after);
      if (last->after.number == last->before.number) /* there and back again is no turn */
        g_ptr_array_set_size (self->turns, (gint) --self->done);
    }
  else
    record (self, add_turn (self), id, after);
  g_signal_emit (self, signals[CHANGED], 0, (guint) id);
  g_signal_emit (self, signals[TURNS], 0);
}

/* ------------------------------------------------------------------------------------------------- construction */

static void
workbench_dials_finalize (GObject *object)
{
  WorkbenchDials *self = WORKBENCH_DIALS (object);

  dfkd_recipe_free (self->recipe);
  dfkd_recipe_free (self->now);
  g_ptr_array_unref (self->turns);
  G_OBJECT_CLASS (workbench_dials_parent_class)->finalize (object);
}

static void
workbench_dials_class_init (WorkbenchDialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_dials_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_DIALS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[TURNS] = g_signal_new ("turns", WORKBENCH_TYPE_DIALS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_dials_init (WorkbenchDials *self)
{
  self->turns = g_ptr_array_new_with_free_func (free_turn);
}

WorkbenchDials *
workbench_dials_new (const DfkdRecipe *recipe)
{
  WorkbenchDials *self = g_object_new (WORKBENCH_TYPE_DIALS, NULL);

  self->recipe = dfkd_recipe_copy (recipe);
  self->now = dfkd_recipe_copy (recipe);
  return self;
}

/* ------------------------------------------------------------------------------------------------------- values */

double
workbench_dials_get (WorkbenchDials *self, DfkdParameterId id)
{
  return self->now->number[id];
}

const char *
workbench_dials_get_text (WorkbenchDials *self, DfkdParameterId id)
{
  return self->now->text[id];
}

/* of all that stands otherwise in @wanted, as one turn; at least something does */
static void
change_to (WorkbenchDials *self, const DfkdRecipe *wanted, gint lead)
{
  Turn *turn = add_turn (self);

  turn->lead = lead;
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    if (!equal (self->now, wanted, id))
      {
        Value value = value_in (wanted, id);

        record (self, turn, id, &value);
        g_free (value.text);
      }
  for (guint i = 0; i < turn->changes->len; i++)
    g_signal_emit (self, signals[CHANGED], 0, (guint) g_array_index (turn->changes, Change, i).id);
  workbench_dials_end_turn (self);
  g_signal_emit (self, signals[TURNS], 0);
}

static void
change_method (WorkbenchDials *self, double method)
{
  g_autoptr (DfkdRecipe) wanted = dfkd_recipe_copy (self->now);

  wanted->number[DFKD_PARAMETER_METHOD] = method;
  dfkd_recipe_take_method (wanted);
  change_to (self, wanted, DFKD_PARAMETER_METHOD);
}

gboolean
workbench_dials_set (WorkbenchDials *self, DfkdParameterId id, double value, GError **error)
{
  Value after = { value, NULL };

  if (!dfkd_parameter_check (id, value, error))
    return FALSE;
  if (self->now->number[id] == value)
    return TRUE;
  if (id == DFKD_PARAMETER_METHOD)
    change_method (self, value);
  else
    change (self, id, &after);
  return TRUE;
}

void
workbench_dials_set_text (WorkbenchDials *self, DfkdParameterId id, const char *text)
{
  Value after = { self->now->number[id], (char *) text };

  if (!g_str_equal (self->now->text[id], text))
    change (self, id, &after);
}

gboolean
workbench_dials_differs (WorkbenchDials *self, DfkdParameterId id)
{
  return !equal (self->recipe, self->now, id);
}

gboolean
workbench_dials_differ (WorkbenchDials *self)
{
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    if (workbench_dials_differs (self, id))
      return TRUE;
  return FALSE;
}

void
workbench_dials_reset_all (WorkbenchDials *self)
{
  if (workbench_dials_differ (self))
    change_to (self, self->recipe, -1);
}

void
workbench_dials_take (WorkbenchDials *self, const DfkdRecipe *wanted, DfkdParameterId lead)
{
  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    if (!equal (self->now, wanted, id))
      {
        change_to (self, wanted, (gint) lead);
        return;
      }
}

const DfkdRecipe *
workbench_dials_get_recipe (WorkbenchDials *self)
{
  return self->recipe;
}

void
workbench_dials_set_recipe (WorkbenchDials *self, const DfkdRecipe *recipe)
{
  DfkdRecipe *copy = dfkd_recipe_copy (recipe);

  dfkd_recipe_free (self->recipe);
  self->recipe = copy;
  g_free (self->now->name);
  self->now->name = g_strdup (recipe->name);
  g_signal_emit (self, signals[TURNS], 0);
}

DfkdRecipe *
workbench_dials_copy_recipe (WorkbenchDials *self)
{
  DfkdRecipe *copy = dfkd_recipe_copy (self->now);

  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    copy->said[id] |= workbench_dials_differs (self, id);
  return copy;
}

/* -------------------------------------------------------------------------------------------------------- turns */

void
workbench_dials_end_turn (WorkbenchDials *self)
{
  self->closed = TRUE;
}

static void
apply (WorkbenchDials *self, const Turn *turn, gboolean back)
{
  for (guint i = 0; i < turn->changes->len; i++)
    {
      const Change *one = &g_array_index (turn->changes, Change, i);

      put (self, one->id, back ? &one->before : &one->after);
      g_signal_emit (self, signals[CHANGED], 0, (guint) one->id);
    }
  workbench_dials_end_turn (self);
  g_signal_emit (self, signals[TURNS], 0);
}

gboolean
workbench_dials_undo (WorkbenchDials *self)
{
  if (self->done == 0)
    return FALSE;
  self->done--;
  apply (self, g_ptr_array_index (self->turns, self->done), TRUE);
  return TRUE;
}

gboolean
workbench_dials_redo (WorkbenchDials *self)
{
  if (self->done == self->turns->len)
    return FALSE;
  self->done++;
  apply (self, g_ptr_array_index (self->turns, self->done - 1), FALSE);
  return TRUE;
}

static char *
value_text (DfkdParameterId id, const Value *value)
{
  const DfkdParameter *p = dfkd_parameter (id);

  if (p->type == DFKD_PARAMETER_TEXT)
    return *value->text == '\0' ? g_strdup (p->empty != NULL ? _(p->empty) : "") : p->numbers ? g_strdup (value->text) : g_path_get_basename (value->text);
  return p->type == DFKD_PARAMETER_CHOICE ? g_strdup (p->choices[(guint) value->number]) : g_strdup_printf ("%.5g", value->number);
}

static char *
describe (const Turn *turn)
{
  const guint others = turn->changes->len - 1;
  const Change *one = others == 0 ? &g_array_index (turn->changes, Change, 0) : NULL;
  g_autofree char *before = NULL, *after = NULL, *text = NULL;
  const DfkdParameter *p;

  /* a method says the most of what changed with it, also when all is reset */
  for (guint i = 0; i < turn->changes->len; i++)
    {
      const Change *each = &g_array_index (turn->changes, Change, i);

      if (each->id == DFKD_PARAMETER_METHOD || ((gint) each->id == turn->lead && one == NULL))
        one = each;
    }
  if (one == NULL)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "reset of %u value", "reset of %u values", turn->changes->len), turn->changes->len);
  p = dfkd_parameter (one->id);
  before = value_text (one->id, &one->before);
  after = value_text (one->id, &one->after);
  text = g_strdup_printf ("%s %s → %s", *p->symbol != '\0' ? p->symbol : _(p->label), before, after);
  return others == 0 ? g_steal_pointer (&text)
                     : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s and %u more value", "%s and %u more values", others), text, others);
}

char *
workbench_dials_describe_undo (WorkbenchDials *self)
{
  return self->done > 0 ? describe (g_ptr_array_index (self->turns, self->done - 1)) : NULL;
}

char *
workbench_dials_describe_redo (WorkbenchDials *self)
{
  return self->done < self->turns->len ? describe (g_ptr_array_index (self->turns, self->done)) : NULL;
}

int
workbench_dials_get_lead (WorkbenchDials *self)
{
  const Turn *turn = last_turn (self);

  return turn != NULL ? turn->lead : -1;
}

gboolean
workbench_dials_waits (WorkbenchDials *self, DfkdParameterId id)
{
  return self->waits[id];
}

void
workbench_dials_set_waits (WorkbenchDials *self, DfkdParameterId id, gboolean waits)
{
  if (self->waits[id] == waits)
    return;
  self->waits[id] = waits;
  g_signal_emit (self, signals[TURNS], 0);
}
