/* test-base.c: Philox against the vectors of its authors, the words' distributions, and the thread pool. */
#include "float-text.h"
#include "id-hash.h"
#include "median.h"
#include "random.h"
#include "terminal-columns.h"
#include "thread-pool.h"
#include "time-text.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Random123's known answers that fit the counter's layout: block, purpose, step, 0 and the key's two halves */
static void
test_philox (void)
{
  static const struct {
    guint32 counter[3];
    guint64 key;
    guint32 want[4];
  } vectors[] = { { { 0, 0, 0 }, 0, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } } };
  guint32 got[4], twin[4];

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      dfkd_philox (vectors[i].key, vectors[i].counter[1], vectors[i].counter[2], vectors[i].counter[0], got);
      g_assert_cmpmem (got, sizeof got, vectors[i].want, sizeof vectors[i].want);
    }
  /* each part of the counter and the key matters */
  for (guint i = 0; i < 4; i++)
    {
      dfkd_philox (i == 3 ? 1 : 0, i == 1, i == 2, i == 0, twin);
      g_assert_cmpint (memcmp (got, twin, sizeof got), !=, 0);
    }
}

static void
test_distributions (void)
{
  guint counts[10] = { 0 };

  g_assert_cmpfloat (dfkd_philox_uniform (0), >, 0.0f);
  g_assert_cmpfloat (dfkd_philox_uniform (G_MAXUINT32), <=, 1.0f);
  for (guint32 i = 0; i < 10000; i++)
    {
      guint32 words[4];

      dfkd_philox (9, 1, 2, i, words);
      for (guint j = 0; j < 4; j++)
        counts[dfkd_philox_integer (words[j], 10)]++;
    }
  for (guint i = 0; i < 10; i++) /* 4000 expected, six standard deviations of 60 */
    g_assert_cmpint (ABS ((int) counts[i] - 4000), <, 360);
}

typedef struct {
  atomic_uint done[1000];
  guint threads;
} Work;

static void
work (gpointer data, gsize index)
{
  Work *w = data;

  g_assert_cmpuint (dfkd_thread_pool_worker (), <, w->threads);
  atomic_fetch_add (&w->done[index], 1);
}

static void
test_thread_pool (void)
{
  for (guint threads = 1; threads <= 4; threads++)
    {
      g_autoptr (DfkdThreadPool) pool = dfkd_thread_pool_new (threads);
      static Work w;

      w.threads = threads;
      g_assert_cmpuint (dfkd_thread_pool_get_threads (pool), ==, threads);
      for (guint round = 0; round < 200; round++)
        {
          gsize count = (round * 37) % 1000;

          for (guint i = 0; i < 1000; i++)
            w.done[i] = 0;
          dfkd_thread_pool_run (pool, count, work, &w);
          for (guint i = 0; i < 1000; i++) /* every task once, and none after it returned */
            g_assert_cmpuint (w.done[i], ==, i < count ? 1 : 0);
        }
    }
}

/* where the system gives no more threads a pool makes do with those it has */
static void
test_few_threads (void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  g_test_skip ("sanitizers want all memory for themselves");
#else
  enum { WANTED = 1000, ROOM = 256 << 20 }; /* ROOM: for the stacks of some of them */

  if (g_test_subprocess ())
    {
      g_autofree char *sizes = NULL;
      struct rlimit limit;
      DfkdThreadPool *pool;
      static Work w;

      g_assert_true (g_file_get_contents ("/proc/self/statm", &sizes, NULL, NULL) && getrlimit (RLIMIT_AS, &limit) == 0);
      limit.rlim_cur = g_ascii_strtoull (sizes, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE) + ROOM;
      g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
      pool = dfkd_thread_pool_new (WANTED);
      w.threads = dfkd_thread_pool_get_threads (pool);
      g_assert_cmpuint (w.threads, <, WANTED);
      dfkd_thread_pool_run (pool, G_N_ELEMENTS (w.done), work, &w);
      for (guint i = 0; i < G_N_ELEMENTS (w.done); i++)
        g_assert_cmpuint (w.done[i], ==, 1);
      dfkd_thread_pool_free (pool);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
#endif
}

static void
test_median (void)
{
  double odd[] = { 3.0, -1.0, 2.0 }, even[] = { 4.0, 1.0, 3.0, 2.0 }, one[] = { 7.0 };

  g_assert_cmpfloat (dfkd_median (odd, 3), ==, 2.0);
  g_assert_cmpfloat (dfkd_median (even, 4), ==, 2.5);
  g_assert_cmpfloat (dfkd_median (one, 1), ==, 7.0);
  g_assert_true (isnan (dfkd_median (NULL, 0)));
}

/* every float is read as what it was, and those that people write look as they wrote them */
static void
test_float_text (void)
{
  static const struct {
    float value;
    const char *text;
  } written[] = { { 0.3f, "0.3" }, { 0.4914f, "0.4914" }, { 1e-4f, "0.0001" }, { 3.0f, "3" }, { 0.0f, "0" }, { -0.1f, "-0.1" } };
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    g_assert_cmpstr (dfkd_float_text (text, written[i].value), ==, written[i].text);
  for (guint32 i = 0; i < 100000; i++)
    {
      union {
        guint32 bits;
        float value;
      } x = { i * 2654435761u };

      if (isfinite (x.value))
        g_assert_true ((float) g_ascii_strtod (dfkd_float_text (text, x.value), NULL) == x.value);
    }
  g_assert_cmpuint (strlen (dfkd_float_text (text, (float) NAN)), >, 0);
}

/* of 4000 batches of 16 images; each other hash is a search that ends at once */
static void
test_id_hash (void)
{
  g_autoptr (GHashTable) hashes = g_hash_table_new (NULL, NULL);

  for (guint64 synthesis = 1; synthesis <= 4000; synthesis++)
    for (guint64 index = 0; index < 16; index++)
      {
        const guint64 id = synthesis << 32 | index;

        g_hash_table_add (hashes, GUINT_TO_POINTER (dfkd_id_hash (&id)));
      }
  g_assert_cmpuint (g_hash_table_size (hashes), >, 63900);
}

static void
test_time_text (void)
{
  static const struct {
    double seconds;
    const char *text;
  } cases[] = { { 0.0, "0:00" }, { 0.4, "0:00" }, { 59.5, "1:00" }, { 151.0, "2:31" }, { 3599.4, "59:59" }, { 3599.6, "1:00:00" }, { 3600.0, "1:00:00" },
                { 3751.0, "1:02:31" }, { 360000.0, "100:00:00" }, { -1.0, "–" }, { INFINITY, "–" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dfkd_time_text (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Han characters take two columns, an accent that is put on a letter none */
static void
test_terminal_columns (void)
{
  static const struct {
    const char *text;
    guint columns, cut;
    const char *left;
  } cases[] = { { "", 0, 3, "" }, { "abc", 3, 3, "abc" }, { "abcd", 4, 3, "abc" }, { "图像", 4, 3, "图" }, { "图像", 4, 4, "图像" },
                { "e\xcc\x81t\xc3\xa9", 3, 1, "e\xcc\x81" }, { "ab", 2, 0, "" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) text = g_string_new (cases[i].text);

      g_assert_cmpuint (dfkd_terminal_columns (text->str), ==, cases[i].columns);
      dfkd_terminal_cut (text, cases[i].cut);
      g_assert_cmpstr (text->str, ==, cases[i].left);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/philox", test_philox);
  g_test_add_func ("/base/distributions", test_distributions);
  g_test_add_func ("/base/median", test_median);
  g_test_add_func ("/base/float-text", test_float_text);
  g_test_add_func ("/base/time-text", test_time_text);
  g_test_add_func ("/base/terminal-columns", test_terminal_columns);
  g_test_add_func ("/base/id-hash", test_id_hash);
  g_test_add_func ("/base/thread-pool", test_thread_pool);
  g_test_add_func ("/base/few-threads", test_few_threads);
  return g_test_run ();
}
