/* test-shipped-experiments.c: the files in data/experiments: each loads, and those of the paper hold every row of its tables for every
 * pair of networks with the settings that its authors give. */
#include "experiment.h"


/* "k=2 lr_g=0.005": what a row's recipe says, each as dfkd_recipe_set() takes it */
typedef struct {
  const char *name, *values;
} Row;

typedef struct {
  const char *name, *teacher, *student, *fast; /* @fast: weights of FastDFKD */
} Pair;

static const Pair pairs[] = {
  { "R34->R18", "resnet34", "resnet18", "adv=1.33 bn=10 oh=0.5" },     { "VGG11->R18", "vgg11", "resnet18", "adv=1 bn=10 oh=0.5" },
  { "W40-2->W16-1", "wrn40_2", "wrn16_1", "adv=1.1 bn=10 oh=0.4" },   { "W40-2->W40-1", "wrn40_2", "wrn40_1", "adv=1.1 bn=10 oh=0.4" },
  { "W40-2->W16-2", "wrn40_2", "wrn16_2", "adv=1.1 bn=10 oh=0.4" },
};

#define ALWAYS "momentum=0.9 weight_decay=1e-4 lr_minimum=2e-4"
#define FAST "method=fast reuse=common meta_gradient=fomaml bn_momentum=0.9 nz=256 " \
             "batch=256 lr=0.2 temperature=20 syntheses=220 warmup=20 kd_steps=400 reset_after=120 ngf=64 " ALWAYS
#define OTHER "lr=0.1 warmup=0 reset_after=0 " ALWAYS

static const Row fast[] = {
  { "Fast-2", "k=2 lr_g=5e-3 lr_z=0.015 " FAST },
  { "Fast-5", "k=5 lr_g=3e-3 lr_z=0.01 " FAST },
  { "Fast-10", "k=10 lr_g=2e-3 lr_z=0.01 " FAST },
};

/* 80000 student steps each, but for KD, which has 200 epochs of the data */
static const Row others[] = {
  { "DeepInv-2k", "method=deepinv k=2000 adv=1 bn=10 oh=1 lr_z=0.1 student_bn=1e-3 batch=256 kd_steps=400 syntheses=200 " OTHER },
  { "CMI-500", "method=cmi k=500 adv=0.5 bn=1 oh=1 cr=0.8 cr_temperature=0.2 lr_g=1e-3 bank=40960 negatives=4096 head=256 nz=256 ngf=64 "
               "temperature=20 batch=256 kd_steps=400 syntheses=200 " OTHER },
  { "DAFL", "method=dafl k=1 oh=1 act=0.001 balance=20 lr_g=1e-3 nz=512 ngf=64 temperature=20 batch=256 kd_steps=5 syntheses=16000 evaluate_every=80 " OTHER },
  { "ZSKT", "method=zskt k=1 adv=1 lr_g=1e-3 nz=256 ngf=64 temperature=20 batch=256 kd_steps=5 syntheses=16000 evaluate_every=80 " OTHER },
  { "DFQ", "method=dfq k=1 adv=1 bn=1 oh=1 balance=20 lr_g=1e-3 nz=256 ngf=64 batch=256 kd_steps=10 syntheses=8000 evaluate_every=40 "
           "warmup=0 reset_after=0 as_released=no " ALWAYS },
  { "KD", "method=kd temperature=20 batch=128 kd_steps=391 syntheses=200 " OTHER },
};

static const Row few_steps[] = {
  { "Fast-1", "k=1 lr_g=5e-3 lr_z=0.015 " FAST },
  { "Fast-2", "k=2 lr_g=5e-3 lr_z=0.015 " FAST },
  { "Fast-5", "k=5 lr_g=3e-3 lr_z=0.01 " FAST },
  { "Fast-10", "k=10 lr_g=2e-3 lr_z=0.01 " FAST },
  { "Fast-20", "k=20 lr_g=2e-3 lr_z=0.01 " FAST },
  { "Fast-50", "k=50 lr_g=2e-3 lr_z=0.01 " FAST },
  { "DeepInv-2", "method=deepinv k=2 lr_z=1 kd_steps=200 syntheses=200 batch=256 adv=1 bn=10 oh=1 temperature=20 " OTHER },
  { "DeepInv-5", "method=deepinv k=5 lr_z=1 kd_steps=200 syntheses=200 batch=256 adv=1 bn=10 oh=1 temperature=20 " OTHER },
  { "DeepInv-10", "method=deepinv k=10 lr_z=1 kd_steps=200 syntheses=200 batch=256 adv=1 bn=10 oh=1 temperature=20 " OTHER },
  { "CMI-2", "method=cmi k=2 cr=0 kd_steps=400 syntheses=200 batch=256 adv=0.5 bn=1 oh=1 lr_g=1e-3 ngf=64 temperature=20 " OTHER },
  { "CMI-5", "method=cmi k=5 cr=0 kd_steps=400 syntheses=200 batch=256 adv=0.5 bn=1 oh=1 lr_g=1e-3 ngf=64 temperature=20 " OTHER },
  { "CMI-10", "method=cmi k=10 cr=0 kd_steps=400 syntheses=200 batch=256 adv=0.5 bn=1 oh=1 lr_g=1e-3 ngf=64 temperature=20 " OTHER },
};

#define FAST_5 "method=fast k=5 lr_g=3e-3 lr_z=0.01 adv=1.1 bn=10 oh=0.4 batch=256 lr=0.2 temperature=20 syntheses=220 warmup=20 kd_steps=400 " ALWAYS

static const Row ablation[] = {
  { "none", "reuse=none " FAST_5 },
  { "sequential", "reuse=sequential " FAST_5 },
  { "common, fomaml", "reuse=common meta_gradient=fomaml " FAST_5 },
  { "common, fomaml-last", "reuse=common meta_gradient=fomaml-last " FAST_5 },
  { "common, reptile", "reuse=common meta_gradient=reptile " FAST_5 },
  { "common, maml", "reuse=common meta_gradient=maml " FAST_5 },
};

static char *
folder_of_files (void)
{
  return g_test_build_filename (G_TEST_DIST, "..", "data", "experiments", NULL);
}

static DfkdExperiment *
load (const char *name)
{
  g_autofree char *folder = folder_of_files (), *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  DfkdExperiment *experiment = dfkd_experiment_load (path, &error);

  g_assert_no_error (error);
  return experiment;
}

static const DfkdRecipe *
find (const DfkdExperiment *e, const char *name)
{
  for (guint i = 0; i < e->recipes->len; i++)
    if (g_str_equal (dfkd_experiment_recipe (e, i)->name, name))
      return dfkd_experiment_recipe (e, i)->recipe;
  g_test_message ("%s has no run “%s”", e->name, name);
  g_test_fail ();
  return NULL;
}

/* the recipe of run @name says @values */
static void
check_values (const DfkdExperiment *e, const char *name, const char *values)
{
  const DfkdRecipe *recipe = find (e, name);
  g_auto (GStrv) words = g_strsplit (values, " ", -1);
  g_autoptr (DfkdRecipe) wanted = recipe != NULL ? dfkd_recipe_copy (recipe) : NULL;

  for (guint i = 0; recipe != NULL && words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], "=", 2);
      g_autofree char *is = NULL, *should = NULL;
      DfkdParameterId id;

      g_assert_true (dfkd_parameter_find (parts[0], &id));
      g_assert_true (id == DFKD_PARAMETER_METHOD || dfkd_method_uses (dfkd_recipe_get_method (recipe), parts[0]) || g_str_equal (parts[0], "reset_after"));
      is = dfkd_recipe_get (recipe, id);
      g_assert_true (dfkd_recipe_set (wanted, id, parts[1], NULL));
      should = dfkd_recipe_get (wanted, id);
      if (g_strcmp0 (is, should) != 0)
        {
          g_test_message ("%s, %s: %s is %s, not %s", e->name, name, parts[0], is, should);
          g_test_fail ();
        }
    }
}

static void
check_files (const DfkdExperiment *e, const char *name, guint classes, const char *teacher, const char *student)
{
  const DfkdRecipe *recipe = find (e, name);
  g_autofree char *data = g_strdup_printf ("data/cifar-%u-binary.tar.gz", classes);
  g_autofree char *file = g_strdup_printf ("teachers/cifar%u-%s.safetensors", classes, teacher);

  if (recipe == NULL)
    return;
  g_assert_cmpstr (recipe->text[DFKD_PARAMETER_DATA], ==, data);
  g_assert_cmpstr (recipe->text[DFKD_PARAMETER_TEACHER], ==, file);
  g_assert_cmpstr (recipe->text[DFKD_PARAMETER_STUDENT], ==, student);
}

/* three seeds, as the paper's deviations want */
static void
check_size (const DfkdExperiment *e, guint recipes)
{
  g_assert_cmpuint (e->recipes->len, ==, recipes);
  g_assert_cmpuint (e->cells->len, ==, 3 * recipes);
}

static void
test_tables (gconstpointer data)
{
  const guint classes = GPOINTER_TO_UINT (data);
  g_autofree char *table_name = g_strdup_printf ("cifar%u-table.json", classes), *methods_name = g_strdup_printf ("cifar%u-methods.json", classes);
  g_autoptr (DfkdExperiment) table = load (table_name), methods = load (methods_name);

  check_size (table, G_N_ELEMENTS (pairs) * G_N_ELEMENTS (fast));
  check_size (methods, G_N_ELEMENTS (pairs) * G_N_ELEMENTS (others) + (classes == 10 ? 2 : 0)); /* DFAD and NAYER */
  for (guint p = 0; p < G_N_ELEMENTS (pairs); p++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (fast); i++)
        {
          g_autofree char *name = g_strdup_printf ("%s %s", pairs[p].name, fast[i].name);

          check_files (table, name, classes, pairs[p].teacher, pairs[p].student);
          check_values (table, name, fast[i].values);
          check_values (table, name, pairs[p].fast);
        }
      for (guint i = 0; i < G_N_ELEMENTS (others); i++)
        {
          g_autofree char *name = g_strdup_printf ("%s %s", pairs[p].name, others[i].name);

          check_files (methods, name, classes, pairs[p].teacher, pairs[p].student);
          check_values (methods, name, others[i].values);
          if (g_str_equal (others[i].name, "DFQ"))
            check_values (methods, name, classes == 100 && p == 0 ? "lr=0.05 temperature=1" : "lr=0.1 temperature=20");
        }
    }
  if (classes == 10)
    {
      check_values (methods, "W40-2->W16-1 DFAD", "method=dfad k=1 adv=1 lr_g=1e-3 ngf=64 batch=256 kd_steps=5 syntheses=16000 " OTHER);
      check_values (methods, "W40-2->W16-1 NAYER-300", "method=nayer k=30 kd_steps=200 syntheses=800 warmup=200 life=20 batch=400 student_batch=512 lr=0.2");
    }
}

static void
check_rows (const char *file, const Row *rows, guint count)
{
  g_autoptr (DfkdExperiment) e = load (file);

  check_size (e, count);
  for (guint i = 0; i < count; i++)
    {
      check_files (e, rows[i].name, 100, "wrn40_2", "wrn16_2");
      check_values (e, rows[i].name, rows[i].values);
    }
}

static void
test_few_steps (void)
{
  check_rows ("cifar100-few-steps.json", few_steps, G_N_ELEMENTS (few_steps));
}

static void
test_ablation (void)
{
  check_rows ("cifar100-ablation.json", ablation, G_N_ELEMENTS (ablation));
}

/* all that come with the program, whether or not their teachers are there */
static void
test_all (void)
{
  g_autofree char *folder = folder_of_files ();
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  g_assert_nonnull (directory);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autoptr (DfkdExperiment) e = load (name);

      g_assert_cmpuint (e->cells->len, >, 1);
      g_assert_cmpstr (e->description, !=, "");
      count++;
    }
  g_assert_cmpuint (count, >=, 11);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shipped/all", test_all);
  g_test_add_data_func ("/shipped/cifar-10", GUINT_TO_POINTER (10), test_tables);
  g_test_add_data_func ("/shipped/cifar-100", GUINT_TO_POINTER (100), test_tables);
  g_test_add_func ("/shipped/few-steps", test_few_steps);
  g_test_add_func ("/shipped/ablation", test_ablation);
  return g_test_run ();
}
