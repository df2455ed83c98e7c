/* test-pictures.c: what a run shows of a batch is what its losses were made of. */
#include "small-runs.h"

#include "errors.h"
#include "history.h"
#include "pictures-file.h"

#include <math.h>
#include <string.h>

enum {
  CLASSES = 10,
  STEPS = 3, /* of a synthesis of tiny_recipe() */
};

static void
log_softmax (const float *logits, double *out)
{
  double most = -G_MAXDOUBLE, sum = 0.0;

  for (guint i = 0; i < CLASSES; i++)
    most = MAX (most, (double) logits[i]);
  for (guint i = 0; i < CLASSES; i++)
    sum += exp ((double) logits[i] - most);
  for (guint i = 0; i < CLASSES; i++)
    out[i] = (double) logits[i] - most - log (sum);
}

static guint
arg_max (const float *logits)
{
  guint best = 0;

  for (guint i = 1; i < CLASSES; i++)
    if (logits[i] > logits[best])
      best = i;
  return best;
}

/* METHOD.md: L_oh = CE(f_t(x), y), L_adv = −mean(KL(f_t‖f_s)·agreement) */
static void
check_logits (const DfkdPictures *p)
{
  double oh = 0.0, adv = 0.0;

  for (gsize i = 0; i < p->count; i++)
    {
      const float *teacher = p->rows[DFKD_ROWS_TEACHER] + i * CLASSES, *student = p->rows[DFKD_ROWS_STUDENT] + i * CLASSES;
      double log_p[CLASSES], log_q[CLASSES];

      g_assert_cmpint (p->labels[i], >=, 0);
      g_assert_cmpint (p->labels[i], <, CLASSES);
      log_softmax (teacher, log_p);
      log_softmax (student, log_q);
      oh -= log_p[p->labels[i]] / (double) p->count;
      if (arg_max (teacher) == arg_max (student))
        for (guint c = 0; c < CLASSES; c++)
          adv -= exp (log_p[c]) * (log_p[c] - log_q[c]) / (double) p->count;
    }
  g_assert_cmpfloat_with_epsilon (oh, p->losses[DFKD_TERM_OH], 1e-5 * MAX (oh, 1.0));
  g_assert_cmpfloat_with_epsilon (adv, p->losses[DFKD_TERM_ADV], 1e-5 * MAX (-adv, 1.0));
}

/* L_bn = Σ ‖σ²_l − σ̂²_l‖₂ + ‖μ_l − μ̂_l‖₂ */
static double
distance_of (const DfkdPictures *p)
{
  double bn = 0.0;

  g_assert_cmpuint (p->norms->norms->len, >, 5);
  for (guint i = 0; i < p->norms->norms->len; i++)
    {
      const DfkdNorm *norm = &g_array_index (p->norms->norms, DfkdNorm, i);

      for (guint part = 0; part < 2; part++)
        {
          double sum = 0.0;

          for (gsize c = 0; c < norm->channels; c++)
            {
              gsize at = norm->offset + part * norm->channels + c;
              double difference = (double) p->compared[at] - (double) p->norms->running[at];

              sum += difference * difference;
            }
          bn += sqrt (sum);
        }
    }
  return bn;
}

static void
check_statistics (const DfkdPictures *p)
{
  double bn = distance_of (p);

  double loss = 0.0;

  for (guint i = 0; i < DFKD_N_TERMS; i++)
    if (p->weights[i] != 0.0f)
      loss += (double) p->weights[i] * p->losses[i];
  g_assert_cmpfloat_with_epsilon (bn, p->losses[DFKD_TERM_BN], 1e-4 * bn);
  g_assert_cmpfloat_with_epsilon (p->loss, loss, 1e-4 * fabs (p->loss));
}

/* of a synthesis that was looked at from its start and has few steps: all of them */
static void
check_film (const DfkdPictures *p)
{
  gsize bytes = p->count * dfkd_pictures_image_bytes (p), statistics = p->norms->size * sizeof (float);

  g_assert_cmpuint (p->frames->len, ==, p->inner);
  for (guint i = 0; i < p->frames->len; i++)
    {
      const DfkdFrame *frame = g_ptr_array_index (p->frames, i);

      g_assert_cmpuint (frame->inner, ==, i + 1);
      g_assert_true ((memcmp (frame->pixels, p->pixels, bytes) == 0) == (i + 1 == p->frames->len)); /* it moves */
      g_assert_true ((memcmp (frame->statistics, p->statistics, statistics) == 0) == (i + 1 == p->frames->len));
      g_assert_true ((memcmp (frame->compared, p->compared, statistics) == 0) == (i + 1 == p->frames->len));
    }
}

static void
check_rows (const DfkdPictures *p)
{
  gboolean moved = memcmp (p->rows[DFKD_ROWS_Z], p->rows[DFKD_ROWS_Z_START], p->count * p->columns[DFKD_ROWS_Z] * sizeof (float)) != 0;

  g_assert_true (moved == (p->inner > 1)); /* the first images come from the latents as they were drawn */
  for (guint i = 0; i < DFKD_N_ROWS; i++)
    {
      double sum = 0.0;

      for (gsize j = 0; j < p->count * p->columns[i]; j++)
        sum += fabs ((double) p->rows[i][j]);
      g_assert_cmpfloat (sum, >, 0.0);
      g_assert_true (isfinite (sum));
    }
}

/* @earlier: L_bn of the steps of this synthesis as they were shown: what the film says of them now */
static void
check_earlier (const DfkdPictures *p, const double *earlier)
{
  for (guint i = 0; i < p->inner; i++)
    {
      g_autoptr (DfkdPictures) then = dfkd_pictures_at_frame (p, g_ptr_array_index (p->frames, i));

      g_assert_cmpuint (then->inner, ==, i + 1);
      g_assert_cmpuint (then->step, ==, p->step - (p->inner - (i + 1)));
      g_assert_cmpfloat_with_epsilon (distance_of (then), earlier[i], 1e-4 * earlier[i]);
    }
}

/* The film of a synthesis in the folder of its run is what was shown last of it. */
static void
check_kept_film (const char *folder, const DfkdPictures *shown)
{
  g_autofree char *path = dfkd_history_path (folder, DFKD_HISTORY_FILMS, shown->synthesis), *norms_path = dfkd_history_norms_path (folder);
  g_autofree char *again = g_strconcat (path, ".again", NULL), *first = NULL, *second = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNorms) norms = dfkd_norms_load (norms_path, &error);
  g_autoptr (DfkdPictures) film = dfkd_pictures_load (path, norms, &error);
  gsize bytes = shown->count * dfkd_pictures_image_bytes (shown), statistics = shown->norms->size * sizeof (float), lengths[2];

  g_assert_no_error (error);
  g_assert_cmpmem (film->labels, film->count * sizeof (gint32), shown->labels, shown->count * sizeof (gint32));
  g_assert_cmpmem (film->pixels, bytes, shown->pixels, bytes);
  g_assert_cmpuint (film->inner, ==, STEPS);
  g_assert_cmpuint (film->frames->len, ==, STEPS);
  for (guint i = 0; i < STEPS; i++)
    {
      const DfkdFrame *got = g_ptr_array_index (film->frames, i), *wanted = g_ptr_array_index (shown->frames, i);

      g_assert_cmpuint (got->inner, ==, wanted->inner);
      g_assert_cmpmem (got->pixels, bytes, wanted->pixels, bytes);
      g_assert_cmpmem (got->statistics, statistics, wanted->statistics, statistics);
      g_assert_cmpmem (got->compared, statistics, wanted->compared, statistics);
    }
  g_assert_true (dfkd_pictures_save (film, again, &error));
  g_file_get_contents (path, &first, &lengths[0], NULL);
  g_file_get_contents (again, &second, &lengths[1], NULL);
  g_assert_cmpmem (first, lengths[0], second, lengths[1]);
  {
    const char *const names[] = { "frame_steps", "\"frames" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) /* tensors under other names: the steps are missing, or the frames are simply not there */
      {
        g_autofree char *broken = g_memdup2 (first, lengths[0]);
        char *at = g_strstr_len (broken + 8, 4096, names[i]); /* the length of the header is before it */
        g_autoptr (DfkdPictures) p = NULL;

        at[strlen (names[i]) - 1] = 'x';
        g_assert_true (g_file_set_contents (again, broken, (gssize) lengths[0], NULL));
        p = dfkd_pictures_load (again, norms, &error);
        g_assert_true ((p == NULL) == (i == 0));
        g_assert_true (i == 0 ? g_error_matches (error, DFKD_ERROR, DFKD_ERROR_FORMAT) : p->frames == NULL);
        g_clear_error (&error);
      }
  }
}

/* steps one by one, so that every one of them is shown */
static void
test_every_step (void)
{
  g_autoptr (GArray) unseen = NULL;
  g_autofree char *unseen_folder = new_folder ("unseen");
  g_autoptr (GPtrArray) last = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_pictures_unref);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree char *folder = new_folder ("seen"), *watched = NULL, *plain = run_through ("unseen", 5);
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  DfkdChannel *channel = dfkd_session_get_channel (session);
  DfkdStatus status;
  double losses[STEPS];

  dfkd_channel_set_picture_interval (channel, 0.0);
  wait_for (session, DFKD_STATE_PAUSED);
  for (guint shown = 0; shown < 2 * STEPS;)
    {
      g_autoptr (DfkdPictures) p = NULL;
      double before;

      dfkd_channel_get_status (channel, &status);
      before = status.clocks.total;
      dfkd_session_step (session, DFKD_STEP_ANY);
      do
        {
          dfkd_channel_wait (channel, 0.01);
          dfkd_channel_get_status (channel, &status);
        }
      while (status.state != DFKD_STATE_PAUSED || status.clocks.total <= before);
      p = dfkd_channel_take_pictures (channel);
      if (p == NULL)
        continue;
      g_assert_cmpuint (p->synthesis, ==, shown / STEPS + 1);
      g_assert_cmpuint (p->inner, ==, shown % STEPS + 1);
      g_assert_cmpuint (p->k, ==, STEPS);
      check_logits (p);
      check_statistics (p);
      check_rows (p);
      check_film (p);
      losses[p->inner - 1] = p->losses[DFKD_TERM_BN];
      check_earlier (p, losses);
      if (p->inner == STEPS)
        g_ptr_array_add (last, dfkd_pictures_ref (p));
      shown++;
    }
  dfkd_session_run (session);
  watched = finish (session, folder);
  g_assert_cmpstr (watched, ==, plain); /* looking changes nothing */
  for (guint i = 0; i < last->len; i++)
    check_kept_film (folder, g_ptr_array_index (last, i));
  unseen = dfkd_history_list (unseen_folder, DFKD_HISTORY_FILMS);
  g_assert_cmpuint (unseen->len, ==, 0);
}

static const DfkdFrame *
frame (const DfkdPictures *p, guint i)
{
  return g_ptr_array_index (p->frames, i);
}

/* Looks on while @recipe runs. Returns: (transfer full): what was shown */
static GPtrArray *
look_on (const DfkdRecipe *recipe, double interval)
{
  DfkdSession *session = start (recipe, NULL, FALSE, TRUE);
  DfkdChannel *channel = dfkd_session_get_channel (session);
  GPtrArray *shown = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_pictures_unref);
  g_autoptr (GError) error = NULL;
  DfkdPictures *pictures;
  DfkdStatus status;

  dfkd_channel_set_picture_interval (channel, interval);
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_run (session);
  do
    {
      dfkd_channel_wait (channel, 1.0);
      dfkd_channel_get_status (channel, &status);
      pictures = dfkd_channel_take_pictures (channel);
      if (pictures != NULL)
        g_ptr_array_add (shown, pictures);
    }
  while (status.state != DFKD_STATE_FINISHED);
  dfkd_session_wait (session, &error);
  g_assert_no_error (error);
  dfkd_session_free (session);
  return shown;
}

/* Syntheses that follow each other faster than pictures are wanted: not all are shown, and those that are have a whole film; but on
 * a machine so loaded that one takes long, it may be looked at from its midst. */
static void
test_fast (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GPtrArray) shown = NULL;
  guint syntheses = 40, whole = 0;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = syntheses;
  shown = look_on (recipe, 0.3);
  g_test_message ("%u shown of %u", shown->len, syntheses);
  g_assert_cmpuint (shown->len, >, 1);
  for (guint i = 0; i < shown->len; i++)
    if (frame (g_ptr_array_index (shown, i), 0)->inner == 1)
      {
        check_film (g_ptr_array_index (shown, i));
        whole++;
      }
  g_assert_cmpuint (whole, >, shown->len / 2);
}

/* with more steps than a film has frames: from the first step to the one that is shown, with as many steps between any two */
static void
test_long (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GPtrArray) shown = NULL;
  guint k = 100;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 2;
  recipe->number[DFKD_PARAMETER_K] = k;
  shown = look_on (recipe, 0.1);
  g_assert_cmpuint (shown->len, >, 1);
  for (guint i = 0; i < shown->len; i++)
    {
      const DfkdPictures *p = g_ptr_array_index (shown, i);
      guint stride = p->frames->len > 2 ? frame (p, 1)->inner - 1 : 1;

      g_assert_cmpuint (p->frames->len, >=, MIN (p->inner, 16));
      g_assert_cmpuint (p->frames->len, <=, 33);
      g_assert_cmpuint (frame (p, 0)->inner, ==, 1);
      g_assert_cmpuint (frame (p, p->frames->len - 1)->inner, ==, p->inner);
      for (guint j = 0; j + 1 < p->frames->len; j++)
        g_assert_cmpuint (frame (p, j)->inner, ==, 1 + j * stride);
    }
  g_assert_cmpuint (((const DfkdPictures *) g_ptr_array_index (shown, shown->len - 1))->inner, ==, k);
}

/* who comes in the midst of a long synthesis sees it from there, and need not wait for the next */
static void
test_late (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdPictures) pictures = NULL;
  DfkdSession *session;
  DfkdChannel *channel;
  DfkdStatus status;

  recipe->number[DFKD_PARAMETER_K] = 100;
  session = start (recipe, NULL, FALSE, FALSE);
  channel = dfkd_session_get_channel (session);
  do
    {
      dfkd_channel_wait (channel, 0.01);
      dfkd_channel_get_status (channel, &status);
    }
  while (status.inner < 3);
  dfkd_channel_set_picture_interval (channel, 0.0);
  while (pictures == NULL)
    {
      dfkd_channel_wait (channel, 1.0);
      pictures = dfkd_channel_take_pictures (channel);
      dfkd_channel_get_status (channel, &status);
    }
  g_assert_cmpuint (pictures->synthesis, ==, 1);
  g_assert_cmpuint (frame (pictures, 0)->inner, >, 3);
  dfkd_session_free (session);
}

/* what a method asks the teacher's batch norms for is told, and nothing where it does not ask: zeros would look like a result */
static void
test_statistics_of_methods (void)
{
  guint asking = 0, others = 0;

  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    {
      const DfkdMethod *method = dfkd_method_table[i];
      g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (method->name);
      g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
      g_autoptr (DfkdTrainer) trainer = NULL;
      g_autoptr (DfkdPictures) pictures = NULL;
      g_autoptr (GError) error = NULL;
      gboolean nonzero = FALSE;

      if (method->learns_from == DFKD_IMAGES_ORIGINALS) /* of which there are none here */
        continue;
      trainer = new_trainer (recipe, channel, &error);
      g_assert_no_error (error);
      while (dfkd_trainer_get_counters (trainer)->synthesis < 1)
        g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
      pictures = dfkd_trainer_get_kept (trainer, &error);
      g_assert_no_error (error);
      g_assert_true ((pictures->norms != NULL) == (dfkd_method_setting (method, "bn") != NULL));
      g_assert_true ((pictures->statistics != NULL) == (pictures->norms != NULL));
      for (gsize j = 0; pictures->norms != NULL && j < pictures->norms->size; j++)
        nonzero |= pictures->statistics[j] != 0.0f;
      g_assert_true (nonzero == (pictures->norms != NULL));
      if (nonzero)
        asking++;
      else
        others++;
    }
  g_assert_cmpuint (asking, >=, 5);
  g_assert_cmpuint (others, >=, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/pictures/every-step", test_every_step);
  g_test_add_func ("/pictures/fast", test_fast);
  g_test_add_func ("/pictures/long", test_long);
  g_test_add_func ("/pictures/late", test_late);
  g_test_add_func ("/pictures/statistics-of-methods", test_statistics_of_methods);
  return run_tests_with_small_runs ();
}
