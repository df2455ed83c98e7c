/* test-alignment.c: alignment of layouts: known motions, least squares, points in common, and few of them. */
#include "alignment.h"
#include "analysis-points.h"

#include <string.h>

static void
assert_near (double got, double wanted, double tolerance)
{
  g_assert_true (isfinite (got));
  g_assert_cmpfloat (fabs (got - wanted), <=, tolerance);
}

typedef struct {
  guint64 ids[64];
  float coordinates[64 * 3];
  gsize n;
} Layout;

static DfkdLayout
view (const Layout *layout)
{
  return (DfkdLayout){ layout->ids, layout->coordinates, layout->n };
}

static Layout
new_layout (guint32 sequence, gsize n, guint dimensions)
{
  Layout layout = { .n = n };

  for (gsize i = 0; i < n; i++)
    layout.ids[i] = G_MAXUINT64 - 3 * i;
  for (gsize i = 0; i < n * dimensions; i++)
    layout.coordinates[i] = noise (sequence, i);
  return layout;
}

/* y = scale · R x + shift, R a rotation about oblique axes, turned over when @reflect */
static Layout
moved (const Layout *layout, guint dimensions, double scale, gboolean reflect)
{
  double c = cos (2.0), s = sin (2.0);
  double r2[4] = { c, -s, s, c }, r3[9] = { c, -s * c, s * s, s, c * c, -s * c, 0, s, c };
  const double *r = dimensions == 2 ? r2 : r3;
  Layout to = *layout;

  for (gsize i = 0; i < layout->n; i++)
    for (guint a = 0; a < dimensions; a++)
      {
        double sum = 5.0 + a;

        for (guint b = 0; b < dimensions; b++)
          sum += scale * r[a * dimensions + b] * layout->coordinates[i * dimensions + b] * (reflect && b == 0 ? -1.0 : 1.0);
        to.coordinates[i * dimensions + a] = (float) sum;
      }
  return to;
}

static double
determinant (const DfkdAlignment *a)
{
  const double *r = a->rotation;

  if (a->dimensions == 2)
    return r[0] * r[3] - r[1] * r[2];
  return r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) + r[2] * (r[3] * r[7] - r[4] * r[6]);
}

static DfkdAlignment
fit (guint dimensions, const Layout *layout, const Layout *former, DfkdAlignmentFreedom freedom)
{
  g_autoptr (GError) error = NULL;
  DfkdLayout from = view (layout), to = view (former);
  DfkdAlignment alignment;

  dfkd_alignment_fit (&alignment, dimensions, &from, &to, freedom, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < dimensions; i++)
    for (guint j = 0; j < dimensions; j++)
      {
        double product = 0.0;

        for (guint k = 0; k < dimensions; k++)
          product += alignment.rotation[i * dimensions + k] * alignment.rotation[j * dimensions + k];
        assert_near (product, i == j ? 1.0 : 0.0, 1e-12);
      }
  return alignment;
}

/* applied to @layout it lies on @former */
static void
assert_lies_on (const DfkdAlignment *alignment, const Layout *layout, const Layout *former)
{
  Layout copy = *layout;

  dfkd_alignment_apply (alignment, copy.coordinates, copy.n);
  for (gsize i = 0; i < copy.n * alignment->dimensions; i++)
    assert_near (copy.coordinates[i], former->coordinates[i], 1e-5);
}

static void
test_alignment_recovers (void)
{
  for (guint d = 2; d <= 3; d++)
    for (guint reflect = 0; reflect < 2; reflect++)
      for (guint scaled = 0; scaled < 2; scaled++)
        {
          Layout x = new_layout (d, 40, d), y = moved (&x, d, scaled ? 2.5 : 1.0, reflect);
          DfkdAlignment free_fit = fit (d, &x, &y, DFKD_ALIGNMENT_REFLECTION | DFKD_ALIGNMENT_SCALE);
          DfkdAlignment rigid = fit (d, &x, &y, DFKD_ALIGNMENT_RIGID);

          g_assert_cmpuint (free_fit.n_common, ==, 40);
          assert_lies_on (&free_fit, &x, &y);
          assert_near (free_fit.scale, scaled ? 2.5 : 1.0, 1e-5);
          assert_near (free_fit.residual, 0.0, 1e-5);
          assert_near (determinant (&free_fit), reflect ? -1.0 : 1.0, 1e-12);
          assert_near (determinant (&rigid), 1.0, 1e-12);
          g_assert_cmpfloat (rigid.scale, ==, 1.0);
          if (!reflect && !scaled)
            assert_lies_on (&rigid, &x, &y);
          else
            g_assert_cmpfloat (rigid.residual, >, 0.5);
        }
}

/* least squares: no small rotation, shift or scale does better on noisy points */
static void
test_alignment_is_best (void)
{
  enum { D = 3 };
  Layout x = new_layout (1, 30, D), y = moved (&x, D, 1.7, FALSE);
  DfkdAlignment best;
  Layout fitted = x;
  double squares = 0.0;

  for (gsize i = 0; i < 30 * D; i++)
    y.coordinates[i] += 0.5f * noise (99, i);
  best = fit (D, &x, &y, DFKD_ALIGNMENT_SCALE);
  dfkd_alignment_apply (&best, fitted.coordinates, fitted.n);
  for (gsize p = 0; p < 30 * D; p++)
    squares += ((double) fitted.coordinates[p] - y.coordinates[p]) * ((double) fitted.coordinates[p] - y.coordinates[p]);
  assert_near (best.residual, sqrt (squares / 30.0), 1e-5); /* of distances, not of coordinates */
  for (guint change = 0; change < 14; change++)
    {
      DfkdAlignment other = best;
      double e = change % 2 ? 1e-3 : -1e-3, sum = 0.0;
      guint axis = change / 2 % 3, i = (axis + 1) % 3, j = (axis + 2) % 3;
      Layout copy = x;

      if (change < 6)
        for (guint k = 0; k < D; k++)
          {
            other.rotation[i * D + k] = cos (e) * best.rotation[i * D + k] - sin (e) * best.rotation[j * D + k];
            other.rotation[j * D + k] = sin (e) * best.rotation[i * D + k] + cos (e) * best.rotation[j * D + k];
          }
      else if (change < 12)
        other.to[axis] += e;
      else
        other.scale += e;
      dfkd_alignment_apply (&other, copy.coordinates, copy.n);
      for (gsize p = 0; p < 30 * D; p++)
        sum += ((double) copy.coordinates[p] - y.coordinates[p]) * ((double) copy.coordinates[p] - y.coordinates[p]);
      g_assert_cmpfloat (sqrt (sum / 30.0), >, best.residual);
    }
}

static void
test_alignment_common (void)
{
  Layout x = new_layout (1, 40, 2), y = moved (&x, 2, 1.0, FALSE), others = y;
  DfkdAlignment a;

  /* half of the points are gone, others are new, the order is another, some have no place */
  for (gsize i = 0; i < 20; i++)
    {
      y.ids[i] = others.ids[39 - i];
      memcpy (y.coordinates + 2 * i, others.coordinates + 2 * (39 - i), 2 * sizeof (float));
      y.ids[20 + i] = i;
      y.coordinates[40 + 2 * i] = 1e6f;
    }
  y.coordinates[0] = NAN;
  x.coordinates[2 * 30] = INFINITY;
  a = fit (2, &x, &y, DFKD_ALIGNMENT_RIGID);
  g_assert_cmpuint (a.n_common, ==, 18);
  assert_near (a.residual, 0.0, 1e-5);
  x.coordinates[2 * 30] = others.coordinates[2 * 30] = 0.0f;
  dfkd_alignment_apply (&a, x.coordinates, 30);
  for (gsize i = 0; i < 60; i++)
    assert_near (x.coordinates[i], others.coordinates[i], 1e-5);
}

static void
test_alignment_few (void)
{
  for (guint d = 2; d <= 3; d++)
    {
      Layout x = new_layout (1, 40, d), y = moved (&x, d, 1.0, FALSE), turned = moved (&x, d, 1.0, TRUE), same;
      DfkdAlignment a;
      double trace = 0.0;

      x.n = 0;
      a = fit (d, &x, &y, DFKD_ALIGNMENT_REFLECTION | DFKD_ALIGNMENT_SCALE);
      g_assert_true (a.n_common == 0 && a.rotation[0] == 1.0 && a.scale == 1.0 && a.residual == 0.0);
      x.n = 1; /* a shift, no turn */
      a = fit (d, &x, &y, DFKD_ALIGNMENT_REFLECTION | DFKD_ALIGNMENT_SCALE);
      g_assert_true (a.rotation[0] == 1.0 && a.rotation[d + 1] == 1.0 && a.scale == 1.0);
      assert_lies_on (&a, &x, &y);
      x.n = 2; /* a line: turned, never over, even where that would fit as well */
      a = fit (d, &x, &turned, DFKD_ALIGNMENT_REFLECTION);
      assert_near (determinant (&a), 1.0, 1e-9);
      assert_lies_on (&a, &x, &turned);

      for (guint32 sequence = 2; sequence < 10; sequence++) /* however far it is turned */
        {
          Layout line = new_layout (sequence, 2, d), elsewhere = moved (&line, d, 1.0, sequence % 2 == 0);

          a = fit (d, &line, &elsewhere, DFKD_ALIGNMENT_REFLECTION);
          assert_near (determinant (&a), 1.0, 1e-9);
          assert_lies_on (&a, &line, &elsewhere);
        }

      /* on the same line nothing turns about it either */
      a = fit (d, &x, &x, DFKD_ALIGNMENT_REFLECTION);
      for (guint i = 0; i < d; i++)
        trace += a.rotation[i * d + i];
      assert_near (trace, d, 1e-6);

      x.n = 40; /* all in one place: it says nothing of turns */
      same = y;
      for (gsize i = 0; i < 40 * d; i++)
        same.coordinates[i] = 0.3f;
      a = fit (d, &x, &same, DFKD_ALIGNMENT_SCALE);
      g_assert_true (a.rotation[0] == 1.0 && a.scale == 1.0);
      a = fit (d, &same, &x, DFKD_ALIGNMENT_SCALE);
      g_assert_true (a.rotation[0] == 1.0 && a.scale == 1.0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alignment/recovers", test_alignment_recovers);
  g_test_add_func ("/alignment/is-best", test_alignment_is_best);
  g_test_add_func ("/alignment/common", test_alignment_common);
  g_test_add_func ("/alignment/few", test_alignment_few);
  return g_test_run ();
}
