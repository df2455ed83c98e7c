/* workbench-image-text.c: sentences of an album's facts. */
#include "workbench-image-text.h"

#include "workbench-classes.h"

#include <glib/gi18n.h>
#include <math.h>

char *
workbench_image_text_new (WorkbenchAlbum *album, WorkbenchDocument *document, WorkbenchImage image)
{
  const WorkbenchFacts *f = document != NULL ? workbench_album_get_facts (album, image) : NULL;
  g_autofree char *name = NULL, *teacher = NULL, *student = NULL;
  GString *text;

  if (f == NULL)
    return NULL;
  name = workbench_image_name (document, image, f->label);
  text = g_string_new (name);
  teacher = workbench_class_name (document, f->teacher);
  student = workbench_class_name (document, f->student);
  if (!isnan (f->confidence))
    g_string_append_printf (text, _("\nteacher: %s, %.0f %%"), teacher, 100.0 * (double) f->confidence);
  if (!isnan (f->student_confidence))
    g_string_append_printf (text, _("\nstudent: %s, %.0f %%"), student, 100.0 * (double) f->student_confidence);
  return g_string_free (text, FALSE);
}

/* means over the images that it is known of */
static void
append_means (WorkbenchAlbum *album, GString *text)
{
  const guint length = workbench_album_get_length (album);
  double confidence = 0.0;
  guint sure = 0, both = 0, agree = 0;

  for (guint i = 0; i < length; i++)
    {
      const WorkbenchFacts *f = workbench_album_get_facts (album, workbench_album_get_image (album, i));

      if (f == NULL || isnan (f->confidence))
        continue;
      confidence += (double) f->confidence;
      sure++;
      both += !isnan (f->student_confidence);
      agree += f->agree;
    }
  if (sure > 0)
    g_string_append_printf (text, _(" · teacher %.0f %% sure"), 100.0 * confidence / sure);
  if (both > 0)
    g_string_append_printf (text, _(" · both agree on %.0f %%"), 100.0 * agree / both);
}

char *
workbench_batch_text_new (WorkbenchAlbum *album, WorkbenchDocument *document)
{
  const guint synthesis = workbench_album_get_synthesis (album), length = workbench_album_get_length (album);
  const DfkdPictures *newest = workbench_document_get_pictures (document);
  WorkbenchHistory *history = workbench_document_get_history (document);
  GString *text = g_string_new (NULL);

  if (synthesis == 0 || length == 0)
    return g_string_free (text, FALSE);
  if (newest != NULL && newest->synthesis == synthesis && (history == NULL || workbench_history_find (history, synthesis) < 0))
    g_string_append_printf (text, _("synthesis %u, inner step %u"), synthesis, newest->inner);
  else
    g_string_append_printf (text, _("synthesis %u"), synthesis);
  g_string_append_printf (text, ngettext (" · %u image", " · %u images", length), length);
  append_means (album, text);
  return g_string_free (text, FALSE);
}

const char *
workbench_batch_reason (WorkbenchAlbum *album, WorkbenchDocument *document)
{
  WorkbenchRun *run = workbench_document_get_run (document);
  const WorkbenchReading reading = workbench_album_get_reading (album);

  if (workbench_album_get_synthesis (album) > 0)
    return _("No image of this batch was drawn for this class");
  if (reading.total == 0 && workbench_document_has_all_elsewhere (document))
    return _("Pictures begin with the next synthesis: those before the branch are in the folder of the run that it is from");
  if (reading.total == 0 && run != NULL && dfkd_session_is_running (workbench_run_get_session (run)))
    return _("The first batch is under way");
  if (reading.total == 0)
    return _("This run has kept no pictures");
  return reading.lost >= reading.total ? _("The pictures of this run cannot be read: their files are damaged") : _("The batch is being read");
}
