/* built-in-recipes.c: two small tables, of pairs and of k, multiplied. */
#include "built-in-recipes.h"

#include "errors.h"
#include "network.h"

#include <glib/gi18n-lib.h>

/* what needs no file: values beside those that a recipe has anyway */
static const struct {
  const char *label, *name, *teacher, *student, *data;
} demos[] = {
  { N_("Demo, Built-in Teacher"), NULL, "", NULL, "" },
  { N_("Shapes Demo, in Colour"), "shapes", "shapes32", "wrn10_1", "shapes32" },
};

typedef struct {
  const char *pair, *teacher, *student;
  double adv, oh;
} Pair;

/* METHOD 2, the table of the CIFAR runs */
static const Pair pairs[] = {
  { "ResNet-34 → ResNet-18", "resnet34", "resnet18", 1.33, 0.5 },  { "VGG-11 → ResNet-18", "vgg11", "resnet18", 1.0, 0.5 },
  { "WRN-40-2 → WRN-16-1", "wrn40_2", "wrn16_1", 1.1, 0.4 },       { "WRN-40-2 → WRN-40-1", "wrn40_2", "wrn40_1", 1.1, 0.4 },
  { "WRN-40-2 → WRN-16-2", "wrn40_2", "wrn16_2", 1.1, 0.4 },
};

static const struct {
  const char *label;
  double k, lr_g, lr_z;
} speeds[] = { { "Fast-2", 2, 5e-3, 0.015 }, { "Fast-5", 5, 3e-3, 0.01 }, { "Fast-10", 10, 2e-3, 0.01 } };

static gboolean
is_known (const Pair *pair)
{
  const char *const *names = dfkd_network_names (FALSE);

  return g_strv_contains (names, pair->teacher) && g_strv_contains (names, pair->student);
}

/* the pair at @index behind the demos, and in @speed which k; NULL for a demo */
static const Pair *
find (guint index, guint *speed)
{
  for (guint i = 0, first = G_N_ELEMENTS (demos); i < G_N_ELEMENTS (pairs) && index >= G_N_ELEMENTS (demos); i++)
    if (is_known (&pairs[i]))
      {
        if (index < first + G_N_ELEMENTS (speeds))
          {
            *speed = index - first;
            return &pairs[i];
          }
        first += G_N_ELEMENTS (speeds);
      }
  return NULL;
}

guint
dfkd_built_in_count (void)
{
  guint count = G_N_ELEMENTS (demos);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (is_known (&pairs[i]))
      count += G_N_ELEMENTS (speeds);
  return count;
}

const char *
dfkd_built_in_pair (guint index)
{
  guint speed = 0;
  const Pair *pair = find (index, &speed);

  return pair != NULL ? pair->pair : "";
}

const char *
dfkd_built_in_label (guint index)
{
  guint speed = 0;

  return find (index, &speed) != NULL ? speeds[speed].label : demos[MIN (index, G_N_ELEMENTS (demos) - 1)].label;
}

static DfkdRecipe *
new_demo (guint index)
{
  DfkdRecipe *recipe = dfkd_recipe_new ();

  if (demos[index].name == NULL)
    return recipe;
  g_free (recipe->name);
  recipe->name = g_strdup (demos[index].name);
  dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, demos[index].teacher, NULL);
  dfkd_recipe_set (recipe, DFKD_PARAMETER_STUDENT, demos[index].student, NULL);
  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, demos[index].data, NULL);
  return recipe;
}

DfkdRecipe *
dfkd_built_in_recipe (guint index)
{
  guint speed = 0;
  const Pair *pair = find (index, &speed);
  DfkdRecipe *recipe;

  g_return_val_if_fail (index < dfkd_built_in_count (), dfkd_recipe_new ());
  if (pair == NULL)
    return new_demo (index);
  recipe = dfkd_recipe_new ();
  {
    const struct {
      DfkdParameterId id;
      double value;
    } values[] = {
      { DFKD_PARAMETER_ADV, pair->adv },       { DFKD_PARAMETER_BN, 10.0 },           { DFKD_PARAMETER_OH, pair->oh },
      { DFKD_PARAMETER_K, speeds[speed].k },   { DFKD_PARAMETER_LR_G, speeds[speed].lr_g }, { DFKD_PARAMETER_LR_Z, speeds[speed].lr_z },
      { DFKD_PARAMETER_BN_MOMENTUM, 0.9 },     { DFKD_PARAMETER_BATCH, 256 },         { DFKD_PARAMETER_NZ, 256 },
      { DFKD_PARAMETER_NGF, 64 },              { DFKD_PARAMETER_SYNTHESES, 220 },     { DFKD_PARAMETER_WARMUP, 20 },
      { DFKD_PARAMETER_KD_STEPS, 400 },       { DFKD_PARAMETER_RESET_AFTER, 120 },        { DFKD_PARAMETER_LR, 0.2 },            { DFKD_PARAMETER_LR_MINIMUM, 2e-4 },
      { DFKD_PARAMETER_TEMPERATURE, 20.0 },    { DFKD_PARAMETER_MOMENTUM, 0.9 },      { DFKD_PARAMETER_WEIGHT_DECAY, 1e-4 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (values); i++)
      recipe->number[values[i].id] = values[i].value;
  }
  dfkd_recipe_set (recipe, DFKD_PARAMETER_STUDENT, pair->student, NULL);
  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "none", NULL);
  g_free (recipe->name);
  recipe->name = g_strdup_printf ("%s %s", speeds[speed].label, pair->pair);
  return recipe;
}

/* @name with @to in place of each @from. Returns: (transfer full) */
static char *
with_arrow (const char *name, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (name, from, -1);

  return g_strjoinv (to, parts);
}

/* dfkd_built_in_count() when none is called so */
static guint
index_of (const char *name)
{
  g_autofree char *wanted = with_arrow (name, "->", "→"); /* easier to type */
  guint i;

  for (i = 0; i < dfkd_built_in_count (); i++)
    {
      g_autoptr (DfkdRecipe) recipe = dfkd_built_in_recipe (i);

      if (g_str_equal (recipe->name, wanted))
        break;
    }
  return i;
}

DfkdRecipe *
dfkd_built_in_find (const char *name)
{
  const guint index = index_of (name);

  return index < dfkd_built_in_count () ? dfkd_built_in_recipe (index) : NULL;
}

gboolean
dfkd_built_in_needs_teacher (const char *name)
{
  const guint index = index_of (name);

  return index < dfkd_built_in_count () && *dfkd_built_in_pair (index) != '\0';
}

char *
dfkd_built_in_names (void)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < dfkd_built_in_count (); i++)
    {
      g_autoptr (DfkdRecipe) recipe = dfkd_built_in_recipe (i);
      g_autofree char *typed = with_arrow (recipe->name, "→", "->");

      g_string_append_printf (names, "%s%s", i > 0 ? "; " : "", typed);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

DfkdRecipe *
dfkd_built_in_or_file (const char *name, GError **error)
{
  DfkdRecipe *recipe = dfkd_built_in_find (name);
  g_autofree char *names = NULL;

  if (recipe != NULL)
    return recipe;
  if (g_str_has_suffix (name, ".json") || g_file_test (name, G_FILE_TEST_EXISTS))
    return dfkd_recipe_load (name, error);
  names = dfkd_built_in_names ();
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("there is neither a recipe's file nor a built-in recipe “%s”; the built-in ones are: %s"), name, names);
  return NULL;
}
