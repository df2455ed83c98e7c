/* test-t-sne-points.c: t-SNE: points that come and go, threads and slices, and hostile points. */
#include "analysis-maps.h"
#include "errors.h"
#include "neighbours.h"

#include <string.h>

/* ---- points that come and go */
/* neighbours in use, and P, of @map as if its points had all come at once */
static void
assert_as_if_at_once (const DfkdTSne *t)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdTSne) fresh = dfkd_t_sne_new (&t->settings, NULL, &error);
  gsize count = t->starts[t->n];

  g_assert_true (dfkd_t_sne_add (fresh, t->ids, t->rows, NULL, t->n, NULL, &error));
  advance (fresh, 0);
  g_assert_cmpuint (fresh->used, ==, t->used);
  for (gsize i = 0; i < t->n; i++)
    for (guint j = 0; j < t->used; j++)
      {
        g_assert_cmpuint (t->near[i * t->capacity + j].index, ==, fresh->near[i * t->capacity + j].index);
        g_assert_cmpfloat (t->near[i * t->capacity + j].square, ==, fresh->near[i * t->capacity + j].square);
      }
  g_assert_cmpmem (t->starts, (t->n + 1) * sizeof (gsize), fresh->starts, (t->n + 1) * sizeof (gsize));
  g_assert_cmpmem (t->columns, count * sizeof (guint32), fresh->columns, count * sizeof (guint32));
  g_assert_cmpmem (t->affinities, count * sizeof (float), fresh->affinities, count * sizeof (float));
}

static void
test_come_and_go (void)
{
  enum { N = 900 };
  g_auto (Map) map = new_map (2, N, 8, 10.0, 0.5, 5, NULL);
  g_autofree guint64 *gone = g_new (guint64, N);
  gsize n = 0;

  for (gsize i = 0; i < N * 8; i++) /* equal distances too */
    map.rows[i] = roundf (2.0f * map.rows[i]) / 2.0f;
  add (&map, 0, 12); /* fewer than are wanted */
  advance (map.t, 1);
  assert_as_if_at_once (map.t);
  add (&map, 12, 388);
  advance (map.t, 1);
  assert_as_if_at_once (map.t);

  for (gsize i = 0; i < 400; i += 9) /* a few, here and there: lists have enough left */
    gone[n++] = map.ids[i];
  gone[n++] = 1; /* nobody */
  gone[n++] = map.ids[0];
  g_assert_cmpuint (dfkd_t_sne_drop (map.t, gone, n), ==, n - 2);
  g_assert_cmpuint (dfkd_t_sne_count (map.t), ==, 400 - (n - 2));
  advance (map.t, 1);
  assert_as_if_at_once (map.t);

  add (&map, 400, 8); /* a few into lists that hold fewer than they did; then of these a few go again */
  advance (map.t, 1);
  assert_as_if_at_once (map.t);
  for (gsize i = n = 0; i < 400; i++)
    if (i % 21 % 5 == 2) /* of every cluster */
      gone[n++] = map.ids[i];
  g_assert_cmpuint (dfkd_t_sne_drop (map.t, gone, n), >, 60);
  advance (map.t, 1);
  assert_as_if_at_once (map.t);
  add (&map, 408, 92);
  advance (map.t, 1);
  assert_as_if_at_once (map.t);

  g_assert_cmpuint (dfkd_t_sne_drop (map.t, map.ids + 50, 200), >, 140); /* many: lists run out; more come before it looks again */
  add (&map, 500, 100);
  g_assert_cmpuint (dfkd_t_sne_drop (map.t, map.ids + 490, 30), >, 20);
  add (&map, 600, 300);
  advance (map.t, 1);
  assert_as_if_at_once (map.t);

  dfkd_t_sne_drop (map.t, map.ids, N - 5); /* nearly all */
  g_assert_cmpuint (dfkd_t_sne_count (map.t), ==, 5);
  advance (map.t, 3);
  assert_as_if_at_once (map.t);
  g_assert_cmpuint (dfkd_t_sne_drop (map.t, map.ids, N), ==, 5);
  advance (map.t, 3);
  g_assert_cmpuint (dfkd_t_sne_count (map.t), ==, 0);
  add (&map, 0, 40);
  advance (map.t, 3);
  assert_as_if_at_once (map.t);
}

static void
test_places_stay (void)
{
  enum { N = 300, NEW = 30, GONE = 25, CLUSTERS = 3 };
  g_auto (Map) map = new_map (2, N + NEW, 10, 10.0, 0.5, CLUSTERS, NULL);
  g_autofree float *before = NULL, *after = NULL, *later = NULL;
  g_autofree double *momentum = NULL, *gains = NULL;

  add (&map, 0, N);
  advance (map.t, 400);
  before = new_places (map.t);
  add (&map, N, NEW);
  {
    g_autofree float *waiting = new_places (map.t);

    g_assert_cmpmem (waiting, N * 2 * sizeof (float), before, N * 2 * sizeof (float));
    g_assert_true (isnan (waiting[2 * N]));
    g_assert_cmpfloat (dfkd_t_sne_readiness (map.t), <, 1.0);
    g_assert_true (isnan (dfkd_t_sne_divergence (map.t)));
  }
  advance (map.t, 0);
  g_assert_cmpfloat (dfkd_t_sne_readiness (map.t), ==, 1.0);
  after = new_places (map.t);
  g_assert_cmpmem (after, N * 2 * sizeof (float), before, N * 2 * sizeof (float));
  /* new points stand at the mean of their five nearest old ones, but for a jitter */
  for (gsize i = N; i < N + NEW; i++)
    {
      guint32 near[5];
      double place[2] = { 0 };

      g_assert_cmpuint (dfkd_neighbours_of (map.rows, N, 10, map.rows + i * 10, DFKD_NO_NEIGHBOUR, 5, near, NULL), ==, 5);
      for (guint j = 0; j < 10; j++)
        place[j % 2] += before[2 * near[j / 2] + j % 2] / 5.0;
      g_assert_cmpfloat (hypot (after[2 * i] - place[0], after[2 * i + 1] - place[1]), <, 0.02);
    }
  /* those that go take nobody along; ids keep their order, and points that stay their momentum and gains */
  momentum = g_memdup2 (map.t->velocities, 2 * (N + NEW) * sizeof (double));
  gains = g_memdup2 (map.t->gains, 2 * (N + NEW) * sizeof (double));
  dfkd_t_sne_drop (map.t, map.ids + 10, GONE);
  g_assert_cmpmem (map.t->velocities + 20, 2 * (N - 10 - GONE) * sizeof (double),
                   momentum + 2 * (10 + GONE), 2 * (N - 10 - GONE) * sizeof (double));
  g_assert_cmpmem (map.t->gains + 20, 2 * (N - 10 - GONE) * sizeof (double),
                   gains + 2 * (10 + GONE), 2 * (N - 10 - GONE) * sizeof (double));
  advance (map.t, 0);
  later = new_places (map.t);
  g_assert_cmpmem (later, 10 * 2 * sizeof (float), after, 10 * 2 * sizeof (float));
  g_assert_cmpmem (later + 20, (N + NEW - 10 - GONE) * 2 * sizeof (float),
                   after + 2 * (10 + GONE), (N + NEW - 10 - GONE) * 2 * sizeof (float));
  for (gsize i = 0; i < N + NEW - GONE; i++)
    g_assert_cmpuint (dfkd_t_sne_ids (map.t)[i], ==, map.ids[i < 10 ? i : i + GONE]);
  /* nor do those that stay jump when it goes on */
  {
    g_autofree float *next = NULL;
    double largest = 0.0, width = 0.0;

    advance (map.t, 1);
    next = new_places (map.t);
    for (gsize i = 0; i < 2 * (N + NEW - GONE); i++)
      {
        largest = MAX (largest, fabs (next[i] - later[i]));
        width = MAX (width, fabs (later[i]));
      }
    g_assert_cmpfloat (largest, <, 0.2 * width);
  }
}

/* ---- threads and slices */
static float *
new_run (guint threads, gboolean in_slices)
{
  enum { N = 700 };
  g_autoptr (DfkdThreadPool) pool = threads > 0 ? dfkd_thread_pool_new (threads) : NULL;
  g_auto (Map) map = new_map (3, N, 12, 20.0, 0.5, 4, pool);
  gint stop = 0;

  add (&map, 0, N - 100);
  for (guint i = 0; i < 40;)
    {
      guint before = dfkd_t_sne_iteration (map.t);
      g_autoptr (GError) error = NULL;

      if (in_slices)
        {
          stop = 1;
          g_assert_false (dfkd_t_sne_advance (map.t, 7, 0.0, &stop, &error));
          g_assert_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
          g_clear_error (&error);
          stop = 0;
        }
      g_assert_true (dfkd_t_sne_advance (map.t, in_slices ? 1 : 40, in_slices ? 1e-6 : 0.0, &stop, &error));
      i += dfkd_t_sne_iteration (map.t) - before;
    }
  add (&map, N - 100, 100);
  dfkd_t_sne_drop (map.t, map.ids, 60);
  advance (map.t, 20);
  return new_places (map.t);
}

static void
test_threads_and_slices (void)
{
  const gsize bytes = (700 - 60) * 3 * sizeof (float);
  g_autofree float *one = new_run (0, FALSE), *alone = new_run (1, TRUE), *two = new_run (2, FALSE), *sliced = new_run (3, TRUE);

  g_assert_true (isfinite (one[0]) && one[0] != one[3]);
  g_assert_cmpmem (alone, bytes, one, bytes);
  g_assert_cmpmem (two, bytes, one, bytes);
  g_assert_cmpmem (sliced, bytes, one, bytes);
}

static gpointer
raise_soon (gpointer data)
{
  g_usleep (100 * 1000);
  g_atomic_int_set ((gint *) data, 1);
  return NULL;
}

/* neighbours of 20,000 points take a second, iterations without end for ever */
static void
test_stop (void)
{
  for (guint kind = 0; kind < 2; kind++)
    {
      gsize n = kind == 0 ? 20000 : 800;
      g_auto (Map) map = new_map (2, n, kind == 0 ? 256 : 8, 30.0, 0.5, 5, NULL);
      g_autoptr (GError) error = NULL;
      gint stop = 0;
      GThread *thread;
      gint64 start;

      add (&map, 0, n);
      if (kind == 1)
        advance (map.t, 0);
      thread = g_thread_new ("stop", raise_soon, &stop);
      start = g_get_monotonic_time ();
      g_assert_false (dfkd_t_sne_advance (map.t, G_MAXUINT, 0.0, &stop, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
      g_thread_join (thread);
      /* 0.1 s and a block of neighbours, with much room for a busy machine; without the flag it takes many times that */
      g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
      g_assert_cmpint (dfkd_t_sne_readiness (map.t) == 1.0, ==, kind == 1);
    }
}

static void
test_clock (void)
{
  g_auto (Map) map = new_map (2, 500, 8, 10.0, 0.5, 5, NULL);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  add (&map, 0, 500);
  g_assert_true (dfkd_t_sne_advance (map.t, G_MAXUINT, 0.05, NULL, &error));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 50 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (dfkd_t_sne_iteration (map.t), >, 0);
}

/* ---- hostile points */
static void
test_hostile (void)
{
  for (gsize n = 0; n <= 5; n++)
    for (guint d = 2; d <= 3; d++)
      {
        g_auto (Map) map = new_map (d, MAX (n, 1), 1, 30.0, 0.5, 2, NULL);
        g_autofree float *places = NULL;

        add (&map, 0, n);
        advance (map.t, 20);
        places = new_places (map.t);
        for (gsize i = 0; i < n * d; i++)
          g_assert_true (isfinite (places[i]));
        g_assert_cmpint (isnan (dfkd_t_sne_divergence (map.t)), ==, n < 2);
        g_assert_cmpuint (dfkd_t_sne_iteration (map.t), ==, n > 0 ? 20 : 0);
      }
}

static void
test_hostile_equal (void)
{
  enum { N = 300 };

  for (guint kind = 0; kind < 3; kind++)
    {
      g_auto (Map) map = new_map (2, N, 4, 10.0, 0.5, 2, NULL);
      g_autofree float *places = NULL, *start = g_new0 (float, 2 * N);
      g_autoptr (GError) error = NULL;

      for (gsize i = 0; i < 4 * N; i++)
        map.rows[i] = kind == 0 ? 3.0f : kind == 1 ? (float) (i / 4 % 2) : map.rows[i] * 1e37f;
      /* all begin in one place */
      g_assert_true (dfkd_t_sne_add (map.t, map.ids, map.rows, start, N, NULL, &error));
      advance (map.t, 100);
      places = new_places (map.t);
      for (gsize i = 0; i < 2 * N; i++)
        g_assert_true (isfinite (places[i]));
      g_assert_true (isfinite (dfkd_t_sne_divergence (map.t)));
      g_assert_true (places[0] != places[2] || places[1] != places[3]);
    }
}

static void
test_hostile_arguments (void)
{
  g_auto (Map) map = new_map (2, 10, 4, 3.0, 0.5, 2, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree float *places = NULL;
  float start[20] = { 0, 0, 1, NAN, 2, 2 };
  DfkdTSneSettings settings;
  gsize n_left_out;

  map.rows[4 * 4 + 2] = NAN;
  map.rows[7 * 4] = INFINITY;
  g_assert_true (dfkd_t_sne_add (map.t, map.ids, map.rows, start, 8, &n_left_out, &error));
  g_assert_cmpuint (n_left_out, ==, 2);
  g_assert_cmpuint (dfkd_t_sne_count (map.t), ==, 6);
  g_assert_cmpuint (dfkd_t_sne_ids (map.t)[4], ==, map.ids[5]);
  places = new_places (map.t);
  g_assert_true (places[4] == 2.0f && isnan (places[2]) && isnan (places[3]));
  advance (map.t, 2);
  g_assert_false (dfkd_t_sne_add (map.t, map.ids, map.rows, NULL, 1, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  map.ids[9] = map.ids[8];
  g_assert_false (dfkd_t_sne_add (map.t, map.ids + 8, map.rows + 32, NULL, 2, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpuint (dfkd_t_sne_count (map.t), ==, 6);
  g_assert_true (dfkd_t_sne_add (map.t, map.ids + 8, map.rows + 32, NULL, 1, NULL, &error));
  g_assert_false (dfkd_t_sne_add (map.t, map.ids, map.rows, NULL, G_MAXSIZE / 4, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  advance (map.t, 2);

  map.t->places[3] = INFINITY; /* as a rate that is much too high would have it in the end */
  g_assert_false (dfkd_t_sne_advance (map.t, 1, 0.0, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER);

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GError) problem = NULL;

      dfkd_t_sne_settings_init (&settings, i == 0 ? 1 : i == 1 ? 4 : 2, i == 2 ? 0 : 3);
      settings.perplexity = i == 3 ? 0.0 : i == 4 ? NAN : 5.0;
      settings.theta = i == 5 ? 2.0 : 0.5;
      settings.exaggeration = i == 6 ? 0.5 : 12.0;
      settings.rate = i == 7 ? -1.0 : 0.0;
      g_assert_null (dfkd_t_sne_new (&settings, NULL, &problem));
      g_assert_error (problem, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/t-sne/come-and-go", test_come_and_go);
  g_test_add_func ("/t-sne/places-stay", test_places_stay);
  g_test_add_func ("/t-sne/threads-and-slices", test_threads_and_slices);
  g_test_add_func ("/t-sne/stop", test_stop);
  g_test_add_func ("/t-sne/clock", test_clock);
  g_test_add_func ("/t-sne/hostile", test_hostile);
  g_test_add_func ("/t-sne/hostile-equal", test_hostile_equal);
  g_test_add_func ("/t-sne/hostile-arguments", test_hostile_arguments);
  return g_test_run ();
}
