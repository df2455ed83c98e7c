/* workbench-image-shares.c: terms that are means over images, and excuses for the others. */
#include "workbench-image-shares.h"

#include <glib/gi18n.h>
#include <math.h>

/* why a term has no shares */
static const char *
excuse (DfkdTerm term)
{
  switch (term)
    {
    case DFKD_TERM_BN:
      return _("<i>L</i><sub>bn</sub> compares statistics of the whole batch");
    case DFKD_TERM_BALANCE:
      return _("<i>L</i><sub>balance</sub> compares the classes of the whole batch");
    case DFKD_TERM_L2:
      return _("<i>L</i><sub>l2</sub> measures the whole batch");
    default:
      return NULL;
    }
}

/* what an image of the batch adds to the term on average */
static double
mean_share (WorkbenchAlbum *album, const DfkdPictures *p, DfkdTerm term)
{
  double sum = 0.0;

  for (guint i = 0; i < p->count; i++)
    {
      const WorkbenchFacts *f = workbench_album_get_facts (album, workbench_image (p->synthesis, i));

      sum += f != NULL ? (double) f->shares[term] : (double) NAN;
    }
  return sum / p->count;
}

/* no "-0" */
static double
without_sign (double value)
{
  return value == 0.0 ? 0.0 : value;
}

/* a line of a term: what this image adds to it */
static void
add_share (WorkbenchAlbum *album, GString *text, const DfkdPictures *p, const WorkbenchFacts *f, DfkdTerm term)
{
  g_autofree char *symbol = g_strdup_printf ("<i>L</i><sub>%s</sub>", dfkd_term_name (term));
  double share = (double) f->shares[term], mean = mean_share (album, p, term);
  const char *sentence = excuse (term);

  if (sentence != NULL)
    g_string_append (text, sentence);
  else if (isnan (share))
    g_string_append_printf (text, _("in %s: not known for each image"), symbol);
  else
    g_string_append_printf (text, _("in %s: %.4g"), symbol, without_sign (share));
  if (!isnan (share) && isfinite (mean) && mean != 0.0)
    g_string_append_printf (text, _(", %.2g times the mean of the batch"), without_sign (share / mean));
  if (p->weights[term] == 0.0f)
    g_string_append (text, _(" (its weight is 0)"));
  else if (p->weights[term] > 0.0f && term == DFKD_TERM_ADV && !isnan (share) && p->method->adversarial == DFKD_ADVERSARIAL_DECISION)
    g_string_append (text, f->agree ? _(" (both agree, so it counts)") : _(" (they do not agree, so it does not count)"));
  g_string_append_c (text, '\n');
}

char *
workbench_image_shares_text (WorkbenchAlbum *album, const DfkdPictures *p, const WorkbenchFacts *f)
{
  GString *text = g_string_new (NULL);

  for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
    if (dfkd_method_has_term (p->method, term))
      add_share (album, text, p, f, term);
  if (p->method != NULL && p->method->loss != NULL && isfinite (f->loss))
    {
      g_string_append_printf (text, _("in %s: %.4g"), "<i>L</i>", (double) f->loss);
      g_string_append_c (text, '\n');
    }
  if (!isnan (f->disagreement))
    g_string_append_printf (text, _("disagreement: %.3g bits (Jensen-Shannon)\n"), (double) f->disagreement);
  if (text->len > 0)
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}
