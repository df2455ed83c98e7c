/* experiment-sweep.c: reading a sweep, and its points: combinations or draws. */
#include "experiment-private.h"

#include "errors.h"
#include "random.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum {
  PURPOSE = 0x5345, /* of draws: apart from a run's own */
  TRIES = 100,      /* for each point that is wanted: those that were drawn before do not count */
};

/* -------------------------------------------------------------------------------------------------- reading */

static gboolean
read_kind (DfkdReading *r, JsonObject *object, GError **error)
{
  static const char *const kinds[] = { "grid", "random", "halving" };
  g_autofree char *kind = NULL;

  if (!dfkd_experiment_read_text (object, "sweep", "kind", &kind, error))
    return FALSE;
  for (guint i = 0; kind != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kind, kinds[i]))
      {
        r->sweep.kind = r->experiment->kind = DFKD_SWEEP_GRID + i;
        return TRUE;
      }
  return dfkd_experiment_wrong (error, _("sweep: “kind” must be one of grid, random, halving"));
}

static gboolean
read_criterion (DfkdReading *r, JsonObject *object, GError **error)
{
  g_autofree char *by = g_strdup ("accuracy");

  if (!dfkd_experiment_read_text (object, "sweep", "by", &by, error))
    return FALSE;
  if (!g_str_equal (by, "accuracy") && !g_str_equal (by, "agreement"))
    return dfkd_experiment_wrong (error, _("sweep: “by” must be accuracy or agreement"));
  r->experiment->choose_by = g_str_equal (by, "accuracy") ? DFKD_CHOOSE_BY_ACCURACY : DFKD_CHOOSE_BY_AGREEMENT;
  return TRUE;
}

gboolean
dfkd_experiment_read_sweep (DfkdReading *r, GError **error)
{
  static const char *const known[][8] = { { "kind", "parameters", NULL },
                                          { "kind", "parameters", "count", "seed", NULL },
                                          { "kind", "parameters", "count", "seed", "least", "eta", "by", NULL } };
  gint64 count = 0, seed = 0, least = 0, eta = 2;
  JsonObject *object;

  if (!dfkd_experiment_read_object (r->root, _("the experiment"), "sweep", &object, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  if (!read_kind (r, object, error)
      || !dfkd_experiment_check_members (object, "sweep", known[r->sweep.kind - DFKD_SWEEP_GRID], error)
      || !dfkd_experiment_read_object (object, "sweep", "parameters", &r->sweep.parameters, error)
      || !dfkd_experiment_read_whole (object, "sweep", "count", 1, DFKD_EXPERIMENT_MOST_CELLS, &count, error)
      || !dfkd_experiment_read_whole (object, "sweep", "seed", 0, G_MAXUINT32, &seed, error)
      || !dfkd_experiment_read_whole (object, "sweep", "least", 1, 100000, &least, error)
      || !dfkd_experiment_read_whole (object, "sweep", "eta", 2, 100, &eta, error) || !read_criterion (r, object, error))
    return FALSE;
  if (r->sweep.kind == DFKD_SWEEP_HALVING && least == 0)
    return dfkd_experiment_wrong (
        error, _("sweep: “least” is missing: the syntheses of each recipe before the first ones are dropped"));
  if (r->sweep.parameters != NULL && json_object_get_size (r->sweep.parameters) == 0)
    r->sweep.parameters = NULL;
  if (r->sweep.parameters == NULL && r->sweep.kind != DFKD_SWEEP_HALVING)
    return dfkd_experiment_wrong (error, _("sweep: “parameters” is missing: what is varied, and its values"));
  if (r->sweep.parameters != NULL && r->sweep.kind != DFKD_SWEEP_GRID && count == 0)
    return dfkd_experiment_wrong (error, _("sweep: “count” is missing: how many points are drawn"));
  r->sweep.count = (guint) count;
  r->sweep.seed = (guint64) seed;
  r->sweep.least = (guint) least;
  r->sweep.eta = (guint) eta;
  return TRUE;
}

/* ---------------------------------------------------------------------------------------------------- points */

static gboolean
is_list (JsonNode *node)
{
  return JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0;
}

/* all combinations; the last parameter changes fastest */
static GPtrArray *
grid (const DfkdSweep *sweep, GError **error)
{
  g_autoptr (GPtrArray) points = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_ptr_array_add (points, json_object_new ());
  json_object_iter_init_ordered (&iter, sweep->parameters);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autoptr (GPtrArray) before = g_steal_pointer (&points);
      gsize count;

      points = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
      if (!is_list (node))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                       _("sweep.parameters.%s: a grid takes a list of values, as [1, 2, 5]"), name);
          return NULL;
        }
      count = json_array_get_length (json_node_get_array (node));
      if (count > DFKD_EXPERIMENT_MOST_CELLS / before->len)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                       _("sweep: the grid has more than the %d points that an experiment may have"), DFKD_EXPERIMENT_MOST_CELLS);
          return NULL;
        }
      for (guint i = 0; i < before->len; i++)
        for (guint j = 0; j < count; j++)
          {
            JsonObject *point = json_object_new ();
            g_autoptr (GList) names = json_object_get_members (before->pdata[i]);

            for (GList *at = names; at != NULL; at = at->next)
              json_object_set_member (point, at->data, json_node_copy (json_object_get_member (before->pdata[i], at->data)));
            json_object_set_member (point, name, json_node_copy (json_array_get_element (json_node_get_array (node), j)));
            g_ptr_array_add (points, point);
          }
    }
  return g_steal_pointer (&points);
}

static gboolean
is_number (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

/* [from, to] of a parameter that can be drawn */
static gboolean
read_range (const char *name, JsonNode *node, DfkdParameterId *id, double *from, double *to, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *low = object != NULL ? json_object_get_member (object, "from") : NULL;
  JsonNode *high = object != NULL ? json_object_get_member (object, "to") : NULL;
  const DfkdParameter *p;

  if (!dfkd_parameter_find (name, id))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("sweep.parameters: there is no parameter “%s”"), name);
      return FALSE;
    }
  p = dfkd_parameter (*id);
  if (!is_number (low) || !is_number (high) || json_object_get_size (object) != 2 || p->type == DFKD_PARAMETER_TEXT
      || p->type == DFKD_PARAMETER_CHOICE)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("sweep.parameters.%s: expected a list of values or, of a number, {\"from\": …, \"to\": …}"), name);
      return FALSE;
    }
  *from = json_node_get_double (low);
  *to = json_node_get_double (high);
  if (!dfkd_parameter_check (*id, *from, error) || !dfkd_parameter_check (*id, *to, error))
    {
      g_prefix_error (error, "sweep.parameters.");
      return FALSE;
    }
  if (*from > *to)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("sweep.parameters.%s: from %g to %g is no range; it must not end below where it begins"),
                 name, *from, *to);
  else if (p->logarithmic && *from <= 0.0)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                 _("sweep.parameters.%s: from %g to %g is no range; its scale is logarithmic, so it must begin above 0"), name, *from, *to);
  else
    return TRUE;
  return FALSE;
}

/* four digits: enough for a search, and short in the table */
static double
shorten (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.4g", value), NULL);
}

/* @u: in (0, 1]. A whole number has the half before it and the half behind it, those at both ends like the others. */
static double
in_range (const DfkdParameter *p, double from, double to, double u)
{
  const double half = p->type == DFKD_PARAMETER_FLOAT ? 0.0 : 0.5, low = from - half, high = to + half;
  double value = p->logarithmic ? low * pow (high / low, u) : low + (high - low) * u;

  value = p->type == DFKD_PARAMETER_FLOAT ? shorten (value) : floor (value + 0.5);
  return CLAMP (value, from, to);
}

/* A draw depends on the seed, the point and the parameter's name: not on what else is swept. */
static JsonNode *
draw (const DfkdSweep *sweep, guint point, const char *name, JsonNode *node, GError **error)
{
  guint32 words[4];
  double from, to;
  DfkdParameterId id;
  JsonNode *drawn;

  dfkd_philox (sweep->seed, PURPOSE, point, g_str_hash (name), words);
  if (is_list (node))
    {
      JsonArray *values = json_node_get_array (node);

      return json_node_copy (json_array_get_element (values, dfkd_philox_integer (words[0], json_array_get_length (values))));
    }
  if (!read_range (name, node, &id, &from, &to, error))
    return NULL;
  drawn = json_node_new (JSON_NODE_VALUE);
  json_node_set_double (drawn, in_range (dfkd_parameter (id), from, to, (double) dfkd_philox_uniform (words[0])));
  return drawn;
}

/* Returns: (nullable) (transfer full) */
static JsonObject *
draw_point (const DfkdSweep *sweep, guint index, GError **error)
{
  g_autoptr (JsonObject) point = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, sweep->parameters);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonNode *value = draw (sweep, index, name, node, error);

      if (value == NULL)
        return NULL;
      json_object_set_member (point, name, value);
    }
  return g_steal_pointer (&point);
}

/* Returns: (transfer full): the same for the same values */
static char *
point_text (JsonObject *point)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, point);
  return json_to_string (node, FALSE);
}

/* A point that is drawn again would be the same run twice: the next one takes its place. */
static GPtrArray *
random_points (const DfkdSweep *sweep, GError **error)
{
  g_autoptr (GPtrArray) points = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; points->len < sweep->count; i++)
    {
      g_autoptr (JsonObject) point = draw_point (sweep, i, error);

      if (point == NULL)
        return NULL;
      if (i / TRIES >= sweep->count)
        {
          dfkd_experiment_wrong (error, _("sweep: “count” is %u, but only %u points that differ were found; lower it, or give more values"),
                                 sweep->count, points->len);
          return NULL;
        }
      if (g_hash_table_add (known, point_text (point)))
        g_ptr_array_add (points, g_steal_pointer (&point));
    }
  return g_steal_pointer (&points);
}

GPtrArray *
dfkd_sweep_points (const DfkdSweep *sweep, GError **error)
{
  GPtrArray *points;

  if (sweep->parameters != NULL)
    return sweep->kind == DFKD_SWEEP_GRID ? grid (sweep, error) : random_points (sweep, error);
  points = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_ptr_array_add (points, json_object_new ());
  return points;
}
