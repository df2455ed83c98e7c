/* test-run-folder.c: what a run leaves on disk can be read back, and takes no more room than it may. */
#include "small-runs.h"

#include "errors.h"
#include "history.h"
#include "pictures-file.h"
#include "recorder.h"
#include "run-folder.h"
#include "run-log.h"
#include "run-standing.h"
#include "support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  GArray *scalars;
  guint events[DFKD_N_EVENT_KINDS], assessed;
  double seconds[DFKD_N_STAGES];
  guint64 steps[DFKD_N_STAGES];
} Heard;

static void
hear_scalar (const DfkdScalar *scalar, gpointer data)
{
  g_array_append_val (((Heard *) data)->scalars, *scalar);
}

static void
hear_event (const DfkdEvent *event, gpointer data)
{
  Heard *heard = data;

  heard->events[event->kind]++;
  if (event->assessment != NULL)
    {
      guint64 all = 0, right = 0;

      for (gsize i = 0; i < 100; i++)
        {
          all += event->assessment->confusion[i];
          right += i % 11 == 0 ? event->assessment->confusion[i] : 0;
        }
      g_assert_cmpuint (event->assessment->classes, ==, 10);
      g_assert_cmpuint (all, ==, event->assessment->count);
      g_assert_cmpfloat_with_epsilon (100.0 * (double) right / (double) all, event->new_value, 1e-9);
      heard->assessed++;
    }
}

static void
hear_time (const DfkdStepTime *time, gpointer data)
{
  Heard *heard = data;

  heard->steps[time->stage]++;
  for (guint i = 0; i < time->timing.n_regions; i++)
    heard->seconds[time->stage] += time->timing.seconds[i];
}

static const DfkdTap tap = { hear_scalar, hear_event, hear_time };

static GArray *
all_scalars (DfkdSession *session)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (DfkdScalar));

  for (gboolean ended = FALSE; !ended;)
    {
      g_autoptr (GArray) scalars = NULL;
      DfkdStatus status;

      dfkd_channel_wait (dfkd_session_get_channel (session), 0.05);
      dfkd_channel_get_status (dfkd_session_get_channel (session), &status);
      ended = status.state == DFKD_STATE_FINISHED;
      scalars = dfkd_channel_take_scalars (dfkd_session_get_channel (session));
      g_array_append_vals (all, scalars->data, scalars->len);
    }
  return all;
}

static void
test_log (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree char *folder = new_folder ("logged"), *path = g_build_filename (folder, "events.jsonl", NULL), *student = NULL, *contents = NULL;
  g_autoptr (GArray) told = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Heard heard = { .scalars = g_array_new (FALSE, FALSE, sizeof (DfkdScalar)) };
  DfkdSession *session;
  guint skipped;
  gsize length;

  recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = 1;
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = new_folder ("log-data");
  write_noise_data (recipe->text[DFKD_PARAMETER_DATA], 100);
  session = start (recipe, folder, FALSE, FALSE);
  told = all_scalars (session);
  student = finish (session, folder);

  dfkd_run_log_read (path, G_MAXUINT64, &tap, &heard, NULL, &skipped, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (skipped, ==, 0);
  g_assert_cmpuint (heard.scalars->len, ==, told->len);
  for (guint i = 0; i < told->len; i++)
    {
      const DfkdScalar *a = &g_array_index (told, DfkdScalar, i), *b = &g_array_index (heard.scalars, DfkdScalar, i);

      g_assert_cmpint (a->series, ==, b->series);
      g_assert_cmpuint (a->step, ==, b->step);
      g_assert_cmpfloat_with_epsilon (a->value, b->value, 1e-7 * MAX (fabs (a->value), 1.0));
      g_assert_cmpfloat_with_epsilon (a->clocks.total, b->clocks.total, 1e-5);
    }
  g_assert_cmpuint (heard.events[DFKD_EVENT_STARTED], ==, 1);
  g_assert_cmpuint (heard.events[DFKD_EVENT_SYNTHESIS], ==, 3);
  g_assert_cmpuint (heard.events[DFKD_EVENT_FINISHED], ==, 1);
  g_assert_cmpuint (heard.events[DFKD_EVENT_EVALUATION], ==, heard.assessed);
  g_assert_cmpuint (heard.assessed, >, 0);
  g_assert_cmpuint (heard.steps[DFKD_STAGE_EVALUATE], ==, heard.assessed);
  g_assert_cmpuint (heard.steps[DFKD_STAGE_GENERATE], >=, 3); /* a line for the steps of a synthesis, or for two seconds of them */
  g_assert_cmpuint (heard.steps[DFKD_STAGE_DISTIL], >=, 2);
  g_assert_cmpfloat (heard.seconds[DFKD_STAGE_GENERATE], >, 0.0);

  /* a run that was cut off in a line, lines of a later version, nonsense */
  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  {
    g_autofree char *longer = g_strconcat (contents, "{\"event\":\"teleported\"}\n[1,2]\nnonsense\n{\"time\":\"generate\",\"steps\":1}\n"
                                                     "{\"scalar\":\"loss\",\"step\":1,\"clocks\":[1,2],\"value\":1}\n{\"event\":5}\n{\"scalar\":\"loss\",\"st", NULL);

    g_file_set_contents (path, longer, -1, &error);
    g_assert_no_error (error);
  }
  dfkd_run_log_read (path, G_MAXUINT64, &tap, &heard, NULL, &skipped, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (skipped, ==, 7);
  g_assert_cmpuint (heard.scalars->len, ==, 2 * told->len);

  g_cancellable_cancel (cancelled);
  g_assert_false (dfkd_run_log_read (path, G_MAXUINT64, &tap, &heard, cancelled, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (dfkd_run_log_read ("/nowhere/events.jsonl", G_MAXUINT64, &tap, &heard, NULL, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_array_unref (heard.scalars);
}

/* one line is for many steps; what is told of it is what each of them took */
static void
test_times (void)
{
  static const char line[] = "{\"time\":\"distil\",\"step\":8,\"steps\":4,\"clocks\":[1,2,0,0],\"by_device\":1,\"seconds\":{\"teacher\":2,\"student\":6}}\n";
  g_autofree char *path = new_folder ("times.jsonl");
  Heard heard = { 0 };

  g_assert_true (g_file_set_contents (path, line, -1, NULL));
  g_assert_true (dfkd_run_log_read (path, G_MAXUINT64, &tap, &heard, NULL, NULL, NULL));
  g_assert_cmpuint (heard.steps[DFKD_STAGE_DISTIL], ==, 1);
  g_assert_cmpfloat_with_epsilon (heard.seconds[DFKD_STAGE_DISTIL], (2 + 6) / 4.0, 1e-12);
}

/* What a run that is written elsewhere takes yet, by its last syntheses: those of the warm-up have no student steps and tell nothing, and one
 * alone tells nothing either. */
static void
test_seconds_left (void)
{
  static const struct {
    guint synthesis;
    double total, left;
  } done[] = { { 1, 10.0, -1.0 }, { 2, 11.0, -1.0 }, { 3, 15.0, -1.0 }, { 4, 21.0, 6.0 * 6.0 }, { 5, 23.0, 4.0 * 5.0 }, { 10, 40.0, 0.0 } };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  DfkdRunStanding standing = { 0 };

  recipe->number[DFKD_PARAMETER_WARMUP] = 2;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = 10;
  dfkd_run_standing_begin (&standing, recipe);
  for (guint i = 0; i < G_N_ELEMENTS (done); i++)
    {
      const DfkdEvent event = { .kind = DFKD_EVENT_SYNTHESIS, .synthesis = done[i].synthesis, .clocks = { .total = done[i].total } };

      dfkd_run_standing_take_event (&standing, &event);
      g_assert_cmpfloat_with_epsilon (dfkd_run_standing_seconds_left (&standing), done[i].left, 1e-9);
    }
  dfkd_run_standing_clear (&standing);
}

typedef struct {
  const char *path, *contents;
  guint told;
} Cut;

static void
cut_log (const DfkdScalar *scalar, gpointer data)
{
  Cut *cut = data;

  if (++cut->told == 2)
    g_assert_true (truncate (cut->path, 0) == 0 && g_file_set_contents (cut->path, cut->contents, -1, NULL));
}

/* A run that goes back to a snapshot while its log is read: what was told of it is known to be so no more, whether there is less now or more. */
static void
test_log_cut_meanwhile (void)
{
  static const char line[] = "{\"scalar\":\"loss\",\"step\":1,\"clocks\":[1,0,0,0],\"value\":5}\n", other[] = "{\"scalar\":\"loss\",\"step\":1,\"clocks\":[7,0,0,0],\"value\":9.5}\n";
  static const DfkdTap cutting = { cut_log, NULL, NULL };
  g_autofree char *path = new_folder ("cut.jsonl"), *two = g_strconcat (line, line, NULL), *three = g_strconcat (other, other, other, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      Cut cut = { path, i == 0 ? other : three, 0 };
      Heard heard = { .scalars = g_array_new (FALSE, FALSE, sizeof (DfkdScalar)) };
      DfkdRunLogPlace place = { 0 };

      g_assert_true (g_file_set_contents (path, two, -1, NULL));
      g_assert_true (dfkd_run_log_read_on (path, &place, &cutting, &cut, NULL, &error));
      g_assert_cmpuint (cut.told, ==, 2);
      g_assert_cmpuint (place.at, ==, strlen (two));
      g_assert_true (dfkd_run_log_read_on (path, &place, &tap, &heard, NULL, &error));
      g_assert_cmpuint (place.at, ==, 0);
      g_assert_cmpuint (heard.scalars->len, ==, 0);
      g_assert_no_error (error);
      g_array_unref (heard.scalars);
    }
}

/* what comes to a log while it is read: whole lines, each once; and a log that has gone back is begun anew */
static void
test_followed_log (void)
{
  static const char *const lines[] = { "{\"scalar\":\"loss\",\"step\":1,\"clocks\":[1,0,0,0],\"value\":5}\n", "{\"scalar\":\"loss\",\"step\":2,\"clocks\":[2,0,0,0],\"value\":4}\n",
                                       "{\"scalar\":\"loss\",\"step\":3,\"clocks\":[3,0,0,0],\"value\":3}\n", "{\"scalar\":\"loss\",\"step\":2,\"clocks\":[7,0,0,0],\"value\":9}\n" };
  g_autofree char *path = new_folder ("followed.jsonl"), *some = g_strdup_printf ("%s%s%.20s", lines[0], lines[1], lines[2]);
  g_autofree char *all = g_strconcat (lines[0], lines[1], lines[2], NULL), *other = g_strconcat (lines[0], lines[3], lines[2], NULL);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Heard heard = { .scalars = g_array_new (FALSE, FALSE, sizeof (DfkdScalar)) };
  DfkdRunLogPlace place = { 0 }, before;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_true (dfkd_run_log_read_on (path, &place, &tap, &heard, NULL, &error));
  g_assert_cmpuint (place.at, ==, 0);
  g_assert_true (g_file_set_contents (path, some, -1, NULL));
  g_assert_true (dfkd_run_log_read_on (path, &place, &tap, &heard, NULL, &error));
  g_assert_cmpuint (place.at, ==, strlen (lines[0]) + strlen (lines[1]));
  g_assert_cmpuint (heard.scalars->len, ==, 2);
  g_assert_true (g_file_set_contents (path, all, -1, NULL));
  for (guint i = 0; i < 2; i++)
    g_assert_true (dfkd_run_log_read_on (path, &place, &tap, &heard, NULL, &error));
  g_assert_cmpuint (heard.scalars->len, ==, 3);
  g_assert_cmpuint (g_array_index (heard.scalars, DfkdScalar, 2).step, ==, 3);

  before = place;
  g_cancellable_cancel (cancelled);
  g_assert_false (dfkd_run_log_read_on (path, &place, &tap, &heard, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (dfkd_run_log_read_on ("/nowhere/events.jsonl", &place, &tap, &heard, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  g_assert_cmpmem (&place, sizeof place, &before, sizeof before);

  for (guint i = 0; i < 2; i++) /* shorter; as long, but another run's */
    {
      place = before;
      g_array_set_size (heard.scalars, 0);
      g_assert_true (g_file_set_contents (path, i == 0 ? lines[0] : other, -1, NULL));
      g_assert_true (dfkd_run_log_read_on (path, &place, &tap, &heard, NULL, &error));
      g_assert_cmpuint (place.at, ==, 0);
      g_assert_cmpuint (heard.scalars->len, ==, 0);
      g_assert_true (dfkd_run_log_read_on (path, &place, &tap, &heard, NULL, &error));
      g_assert_cmpuint (heard.scalars->len, ==, i == 0 ? 1 : 3);
    }
  g_assert_no_error (error);
  g_array_unref (heard.scalars);
}

/* The names stay with the run; what somebody made of the file is no reason to trust it. */
static void
test_classes (void)
{
  static const char *const wrong[] = { "", "{}", "[]", "[1]", "[\"a\", null]", "[[\"a\"]]", "[\"\"]", "[\"a\"", "\"a\"", "{\"a\": [\"b\"]}" };
  g_autofree char *student = run_through ("classes", 5), *folder = new_folder ("classes"), *path = g_build_filename (folder, "classes.json", NULL);
  g_auto (GStrv) names = dfkd_run_classes_load (folder);

  g_assert_cmpuint (g_strv_length (names), ==, 10);
  g_assert_cmpstr (names[9], ==, "ankle boot");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_true (g_file_set_contents (path, wrong[i], -1, NULL));
      g_assert_null (dfkd_run_classes_load (folder));
    }
  g_assert_null (dfkd_run_classes_load ("/nowhere"));
}

static void
test_pictures (void)
{
  g_autofree char *student = run_through ("pictures", 5), *folder = new_folder ("pictures");
  g_autofree char *norms_path = dfkd_history_norms_path (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNorms) norms = dfkd_norms_load (norms_path, &error);
  g_autoptr (GArray) list = dfkd_history_list (folder, DFKD_HISTORY_PICTURES);

  g_assert_no_error (error);
  g_assert_cmpuint (norms->norms->len, >, 5);
  g_assert_cmpuint (list->len, ==, 3);
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *path = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, g_array_index (list, guint, i)), *again = g_strconcat (path, ".again", NULL);
      g_autoptr (DfkdPictures) p = dfkd_pictures_load (path, norms, &error);
      g_autofree char *first = NULL, *second = NULL;
      gsize lengths[2];

      g_assert_no_error (error);
      g_assert_cmpuint (p->synthesis, ==, i + 1);
      g_assert_cmpuint (p->count, ==, 8);
      g_assert_cmpuint (p->k, ==, 3);
      for (guint rows = 0; rows < DFKD_N_ROWS; rows++)
        g_assert_nonnull (p->rows[rows]);
      g_assert_nonnull (p->statistics);
      g_assert_cmpstr (p->method->name, ==, "fast");
      g_assert_cmpfloat (p->weights[DFKD_TERM_BN], ==, 10.0f);
      g_assert_cmpfloat (p->weights[DFKD_TERM_ADV], ==, i == 0 ? 0.0f : 1.1f); /* the first is the warm-up */
      g_assert_cmpfloat (p->weights[DFKD_TERM_TV], ==, 0.0f);                  /* which it does not have */

      /* nothing is lost on the way: what was read writes the same file */
      g_assert_true (dfkd_pictures_save (p, again, &error));
      g_file_get_contents (path, &first, &lengths[0], NULL);
      g_file_get_contents (again, &second, &lengths[1], NULL);
      g_assert_cmpmem (first, lengths[0], second, lengths[1]);

      /* cut short anywhere: a refusal */
      for (gsize length = 0; length < lengths[0]; length += lengths[0] / 7 + 1)
        {
          g_file_set_contents (again, first, (gssize) length, NULL);
          g_assert_null (dfkd_pictures_load (again, norms, &error));
          g_assert_nonnull (strstr (error->message, ".again"));
          g_clear_error (&error);
        }
    }
  g_assert_null (dfkd_pictures_load (norms_path, norms, &error)); /* another kind of file */
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
}

static void
test_bounded (void)
{
  g_autofree char *folder = new_folder ("bounded"), *path = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdHistory) history = dfkd_history_open (folder, DFKD_HISTORY_PICTURES, 0, &error);
  g_autoptr (DfkdPictures) p = dfkd_pictures_new (10, 1, 10, 10);
  gboolean interrupted = FALSE;
  GStatBuf one;

  g_assert_no_error (error);
  for (p->synthesis = 1; p->synthesis <= 100; p->synthesis++)
    {
      g_autoptr (GArray) list = NULL;
      guint apart;

      if (p->synthesis == 50 && !interrupted)
        {
          interrupted = TRUE;
          p->synthesis = 46; /* where its last snapshot was */
          dfkd_history_free (history);
          history = dfkd_history_open (folder, DFKD_HISTORY_PICTURES, 45, &error);
          g_assert_no_error (error);
        }
      g_assert_true (dfkd_history_add (history, p, p->synthesis == 1 ? G_MAXUINT64 : 10 * (guint64) one.st_size, &error));
      if (p->synthesis == 1)
        {
          g_assert_cmpint (g_stat (path, &one), ==, 0);
          g_assert_true (dfkd_history_add (history, p, G_MAXUINT64, &error)); /* after a failure behind it: not counted twice */
          g_assert_cmpuint (dfkd_history_get_bytes (history), ==, (guint64) one.st_size);
        }
      list = dfkd_history_list (folder, DFKD_HISTORY_PICTURES);
      g_assert_cmpuint (list->len, <=, 10);
      g_assert_cmpuint (list->len, >=, MIN (p->synthesis, 5));
      g_assert_cmpuint (g_array_index (list, guint, 0), ==, 1);
      apart = list->len > 1 ? g_array_index (list, guint, 1) - 1 : 1;
      for (guint i = 0; i < list->len; i++) /* evenly over the run */
        g_assert_cmpuint ((g_array_index (list, guint, i) - 1) % apart, ==, 0);
      g_assert_cmpuint (p->synthesis - g_array_index (list, guint, list->len - 1), <, MAX (apart, 2));
    }
  p->synthesis = 101;
  g_assert_true (dfkd_history_add (history, p, 0, &error)); /* nothing is to be kept */
  {
    g_autofree char *last = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 101);

    g_assert_false (g_file_test (last, G_FILE_TEST_EXISTS));
  }
}

/* A branch that is gone on with after its first synthesis, whatever the number of that is, leaves none out. */
static void
test_history_of_branch (void)
{
  g_autofree char *folder = new_folder ("branch-history");
  g_autoptr (DfkdPictures) p = dfkd_pictures_new (10, 1, 10, 10);
  g_autoptr (GArray) list = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  for (p->synthesis = 5; p->synthesis <= 7; p->synthesis++)
    {
      DfkdHistory *history = dfkd_history_open (folder, DFKD_HISTORY_PICTURES, p->synthesis - 1, &error);

      g_assert_no_error (error);
      g_assert_true (dfkd_history_add (history, p, G_MAXUINT64, &error));
      dfkd_history_free (history);
    }
  list = dfkd_history_list (folder, DFKD_HISTORY_PICTURES);
  g_assert_cmpuint (list->len, ==, 3);
}

/* Films take a quarter of the room at most, and pictures what is left. */
static void
test_films (void)
{
  g_autofree char *folder = new_folder ("films");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdRecorder) recorder = dfkd_recorder_new (folder, recipe, &error);
  const guint64 limit = 400000;

  g_assert_no_error (error);
  for (guint synthesis = 1; synthesis <= 100; synthesis++) /* the pictures of them all are more than the limit */
    {
      g_autoptr (DfkdPictures) p = dfkd_pictures_new (10, 1, 10, 10), larger = dfkd_pictures_new (10, 1, 20, 20);
      g_autoptr (GArray) pictures = NULL, films = NULL;
      guint64 bytes[2] = { 0, 0 };

      p->synthesis = larger->synthesis = synthesis;
      g_assert_true (dfkd_recorder_add_pictures (recorder, larger, limit, &error));
      p->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_frame_unref);
      for (guint i = 0; i < 12; i++)
        g_ptr_array_add (p->frames, dfkd_frame_new (i + 1, 1000));
      g_assert_true (dfkd_recorder_add_film (recorder, p, limit, &error));
      for (guint kind = 0; kind < 2; kind++)
        {
          g_autoptr (GArray) list = dfkd_history_list (folder, kind);

          for (guint i = 0; i < list->len; i++)
            {
              g_autofree char *path = dfkd_history_path (folder, kind, g_array_index (list, guint, i));
              GStatBuf status;

              g_assert_cmpint (g_stat (path, &status), ==, 0);
              bytes[kind] += (guint64) status.st_size;
            }
          g_assert_cmpuint (list->len, >=, MIN (synthesis, 3));
        }
      g_assert_cmpuint (bytes[DFKD_HISTORY_FILMS], <=, limit / 4);
      g_assert_cmpuint (bytes[DFKD_HISTORY_PICTURES] + bytes[DFKD_HISTORY_FILMS], <=, limit);
      g_assert_true (dfkd_recorder_add_film (recorder, p, 0, &error)); /* nothing is to be kept */
    }
}

/* The run pauses when the first pictures, the log or a chosen student cannot be written; it goes on once there is room. */
static void
test_no_space (void)
{
  static const gsize limits[] = { 15000, 5000, 200000 };
  static const char *const files[] = { "pictures", "", "student-chosen" };
  g_autofree char *straight = run_through ("space", 5);

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
      g_autofree char *name = g_strdup_printf ("no-space-%u", i), *folder = new_folder (name), *message = NULL, *student = NULL;
      g_autofree char *path = g_build_filename (folder, "events.jsonl", NULL);
      g_autoptr (GArray) list = NULL;
      g_autoptr (GError) error = NULL;
      Heard heard = { .scalars = g_array_new (FALSE, FALSE, sizeof (DfkdScalar)) };
      DfkdSession *session;
      guint skipped;

      limit_files (limits[i]);
      session = start (recipe, folder, FALSE, FALSE);
      message = wait_for_complaint (session);
      g_assert_nonnull (strstr (message, folder));
      g_assert_nonnull (strstr (message, files[i]));
      wait_for (session, DFKD_STATE_PAUSED);
      limit_files (0);
      dfkd_session_run (session);
      student = finish (session, folder);
      g_assert_cmpstr (student, ==, straight);
      list = dfkd_history_list (folder, DFKD_HISTORY_PICTURES);
      g_assert_cmpuint (list->len, ==, 3);
      g_assert_true (dfkd_run_log_read (path, G_MAXUINT64, &tap, &heard, NULL, &skipped, &error));
      g_assert_cmpuint (skipped, ==, 0);
      g_assert_cmpuint (heard.scalars->len, ==, 3 * 3 * 5 + 2 * 3 * 2); /* five an inner step, two a student step */
      g_assert_cmpuint (heard.events[DFKD_EVENT_SYNTHESIS], ==, 3);
      g_array_unref (heard.scalars);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/run-folder/log", test_log);
  g_test_add_func ("/run-folder/times", test_times);
  g_test_add_func ("/run-folder/seconds-left", test_seconds_left);
  g_test_add_func ("/run-folder/log-followed", test_followed_log);
  g_test_add_func ("/run-folder/log-cut-meanwhile", test_log_cut_meanwhile);
  g_test_add_func ("/run-folder/classes", test_classes);
  g_test_add_func ("/run-folder/pictures", test_pictures);
  g_test_add_func ("/run-folder/bounded", test_bounded);
  g_test_add_func ("/run-folder/history-of-branch", test_history_of_branch);
  g_test_add_func ("/run-folder/films", test_films);
  g_test_add_func ("/run-folder/no-space", test_no_space);
  return run_tests_with_small_runs ();
}
