/* workbench-cost.c: numbers of a DfkdCost as text. */
#include "workbench-cost.h"

struct _WorkbenchCost
{
  GObject parent_instance;

  char *text[5]; /* by property */
};

G_DEFINE_FINAL_TYPE (WorkbenchCost, workbench_cost, G_TYPE_OBJECT)

enum {
  NAME = 1,
  TIME,
  FLOP_RATE,
  BYTE_RATE,
  SHARE,
  N_PROPERTIES
};

static void
workbench_cost_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  g_value_set_string (value, WORKBENCH_COST (object)->text[property - 1]);
}

static void
workbench_cost_finalize (GObject *object)
{
  WorkbenchCost *self = WORKBENCH_COST (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->text); i++)
    g_free (self->text[i]);
  G_OBJECT_CLASS (workbench_cost_parent_class)->finalize (object);
}

static void
workbench_cost_class_init (WorkbenchCostClass *klass)
{
  static const char *const names[N_PROPERTIES] = { NULL, "name", "time", "flop-rate", "byte-rate", "share" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = workbench_cost_get_property;
  object_class->finalize = workbench_cost_finalize;
  for (guint i = NAME; i < N_PROPERTIES; i++)
    g_object_class_install_property (object_class, i, g_param_spec_string (names[i], NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
workbench_cost_init (WorkbenchCost *self)
{
}

WorkbenchCost *
workbench_cost_new (const DfkdCost *cost, const char *name)
{
  WorkbenchCost *self = g_object_new (WORKBENCH_TYPE_COST, NULL);

  self->text[NAME - 1] = g_strdup (name);
  self->text[TIME - 1] = g_strdup_printf ("%.2f", cost->seconds * 1e3);
  self->text[FLOP_RATE - 1] = g_strdup_printf ("%.1f", cost->flop / cost->seconds * 1e-9);
  self->text[BYTE_RATE - 1] = g_strdup_printf ("%.1f", cost->bytes / cost->seconds * 1e-9);
  self->text[SHARE - 1] = g_strdup_printf ("%.0f", 100.0 * cost->least / cost->seconds);
  return self;
}
