/* workbench-run-entry.c: what the list of runs says of one. */
#include "workbench-runs-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _WorkbenchRunEntry
{
  GObject parent_instance;

  char *folder, *title, *line, *note;
  DfkdRecipe *recipe; /* (nullable) */
  double accuracy, seconds;
  gboolean can_resume, asked;
  GdkTexture *thumbnail;
};

G_DEFINE_FINAL_TYPE (WorkbenchRunEntry, workbench_run_entry, G_TYPE_OBJECT)

enum {
  THUMBNAIL = 1,
  NOTE,
};

enum {
  SIDE = 4,          /* images beside each other in a thumbnail */
  MOST_SETTINGS = 4, /* in a line */
};

static GParamSpec *thumbnail_spec, *note_spec;

static char *
time_text (double seconds)
{
  gint64 whole = (gint64) (seconds + 0.5);

  return whole >= 3600 ? g_strdup_printf (_("%d h %02d min"), (int) (whole / 3600), (int) (whole / 60 % 60))
                       : g_strdup_printf (_("%d min %02d s"), (int) (whole / 60), (int) (whole % 60));
}

gboolean
workbench_run_has_ended (const DfkdRunSummary *summary)
{
  return summary != NULL && summary->finished;
}

char *
workbench_run_accuracies (const DfkdRunSummary *summary, gboolean ended)
{
  const struct {
    double value;
    const char *format;
  } all[] = { { summary->accuracy, ended ? _("final %.2f %%") : _("last %.2f %%") },
              { summary->best_accuracy, _("best on test %.2f %%") },
              { summary->chosen_accuracy, _("chosen %.2f %%") } };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (isfinite (all[i].value))
      {
        g_string_append (text, text->len > 0 ? " · " : "");
        g_string_append_printf (text, all[i].format, all[i].value);
      }
  if (text->len == 0)
    g_string_append (text, _("not measured"));
  return g_string_free (text, FALSE);
}

/* what tells a run from others of one name: " · fast, resnet34.pth → wrn16_1" */
static void
append_networks (GString *text, const DfkdRecipe *recipe)
{
  const char *path = recipe->text[DFKD_PARAMETER_TEACHER];
  g_autofree char *file = *path != '\0' ? g_filename_display_basename (path) : NULL;

  g_string_append_printf (text, " · %s, %s → %s", dfkd_recipe_get_method (recipe)->name, file != NULL ? file : _("the built-in teacher"),
                          recipe->text[DFKD_PARAMETER_STUDENT]);
}

/* whether it makes another student; texts stand elsewhere in the line */
static gboolean
steers (DfkdParameterId id)
{
  static const DfkdParameterId others[] = { DFKD_PARAMETER_EVALUATE_EVERY, DFKD_PARAMETER_SNAPSHOT_EVERY, DFKD_PARAMETER_BRANCH_POINTS, DFKD_PARAMETER_HISTORY,
                                            DFKD_PARAMETER_POOL_MEMORY };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (id == others[i])
      return FALSE;
  return dfkd_parameter (id)->type != DFKD_PARAMETER_TEXT;
}

/* what is not as its method has it, the number of inner steps before all else: " · k 2 · N 32" */
static void
append_settings (GString *text, const DfkdRecipe *recipe)
{
  g_autoptr (DfkdRecipe) usual = dfkd_recipe_new ();
  guint count = 0;

  usual->number[DFKD_PARAMETER_METHOD] = recipe->number[DFKD_PARAMETER_METHOD];
  dfkd_recipe_take_method (usual);
  for (guint i = 0; i <= DFKD_N_PARAMETERS; i++)
    {
      const DfkdParameterId id = i == 0 ? DFKD_PARAMETER_K : i - 1;
      const DfkdParameter *p = dfkd_parameter (id);
      g_autofree char *value = NULL;

      if ((i > 0 && id == DFKD_PARAMETER_K) || !steers (id) || dfkd_recipe_same (recipe, usual, id) || ++count > MOST_SETTINGS)
        continue;
      value = dfkd_recipe_get_short (recipe, id);
      g_string_append_printf (text, " · %s %s", *p->symbol != '\0' ? p->symbol : _(p->label), value);
    }
  if (count > MOST_SETTINGS)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, " and %u more", " and %u more", count - MOST_SETTINGS), count - MOST_SETTINGS);
}

static char *
describe (const DfkdRecipe *recipe, const DfkdRunSummary *summary, const DfkdRunOrigin *origin, gboolean under_way, GDateTime *date)
{
  g_autoptr (GString) text = g_string_new (recipe != NULL && *recipe->name != '\0' ? recipe->name : _("recipe unreadable"));
  g_autofree char *when = date != NULL ? g_date_time_format (date, "%x %H:%M") : NULL;

  if (recipe != NULL && *recipe->name != '\0')
    {
      append_networks (text, recipe);
      append_settings (text, recipe);
    }
  if (origin->folder != NULL)
    {
      g_autofree char *branch = dfkd_run_origin_describe (origin);

      g_string_append_printf (text, " · %s", branch);
    }
  if (under_way)
    g_string_append_printf (text, " · %s", _("under way"));
  else if (summary == NULL)
    g_string_append_printf (text, " · %s", _("not ended"));
  else
    {
      const gboolean ended = workbench_run_has_ended (summary);
      g_autofree char *time = time_text (summary->clocks.total), *accuracies = workbench_run_accuracies (summary, ended);

      if (recipe != NULL && !ended)
        {
          const guint all = (guint) recipe->number[DFKD_PARAMETER_SYNTHESES];

          g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, " · stopped after %u of %u synthesis", " · stopped after %u of %u syntheses", all),
                                  summary->syntheses, all);
        }
      g_string_append_printf (text, " · %s · %s", accuracies, time);
    }
  if (when != NULL)
    g_string_append_printf (text, " · %s", when);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

WorkbenchRunEntry *
workbench_run_entry_read (const char *folder)
{
  WorkbenchRunEntry *self = g_object_new (WORKBENCH_TYPE_RUN_ENTRY, NULL);
  g_autoptr (DfkdRecipe) recipe = dfkd_run_recipe_load (folder, NULL);
  g_autoptr (DfkdRunSummary) summary = dfkd_run_summary_load (folder, NULL);
  g_autofree char *log = g_build_filename (folder, "events.jsonl", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (log);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  g_autoptr (GDateTime) changed = info != NULL ? g_file_info_get_modification_date_time (info) : NULL;
  g_autoptr (GDateTime) date = changed != NULL ? g_date_time_to_local (changed) : NULL;
  g_auto (DfkdRunOrigin) origin = { NULL, 0 };

  self->folder = g_strdup (folder);
  self->title = g_filename_display_basename (folder);
  dfkd_run_origin_load (&origin, folder);
  self->line = describe (recipe, summary, &origin, dfkd_run_is_written (folder), date);
  self->note = dfkd_run_note_load (folder);
  self->accuracy = summary != NULL ? summary->accuracy : (double) NAN;
  self->seconds = summary != NULL ? summary->clocks.total : (double) NAN;
  self->recipe = g_steal_pointer (&recipe);
  self->can_resume = !workbench_run_has_ended (summary) && dfkd_run_can_go_on (folder);
  return self;
}

/* ------------------------------------------------------------------------------------------------ thumbnail */

/* @pictures: N,H,W,C as channels come; red, green, blue out */
static GdkTexture *
mosaic (const DfkdPictures *pictures)
{
  gsize width = pictures->width, height = pictures->height, row = SIDE * width * 3;
  g_autofree guint8 *pixels = g_malloc0 (row * SIDE * height);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < MIN (pictures->count, (gsize) SIDE * SIDE); i++)
    for (gsize y = 0; y < height; y++)
      for (gsize x = 0; x < width; x++)
        {
          const guint8 *from = pictures->pixels + ((i * height + y) * width + x) * pictures->channels;
          guint8 *to = pixels + (i / SIDE * height + y) * row + (i % SIDE * width + x) * 3;

          for (guint c = 0; c < 3; c++)
            to[c] = from[pictures->channels >= 3 ? c : 0];
        }
  bytes = g_bytes_new_take (g_steal_pointer (&pixels), row * SIDE * height);
  return gdk_memory_texture_new ((int) (SIDE * width), (int) (SIDE * height), GDK_MEMORY_R8G8B8, bytes, row);
}

static void
read_thumbnail (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GArray) syntheses = dfkd_history_list (data, DFKD_HISTORY_PICTURES);
  g_autoptr (DfkdPictures) pictures = NULL;
  g_autofree char *path = NULL;

  if (syntheses->len > 0)
    {
      path = dfkd_history_path (data, DFKD_HISTORY_PICTURES, g_array_index (syntheses, guint, syntheses->len - 1));
      pictures = dfkd_pictures_load (path, NULL, NULL);
    }
  g_task_return_pointer (task, pictures != NULL ? mosaic (pictures) : NULL, g_object_unref);
}

static void
on_thumbnail (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchRunEntry *self = WORKBENCH_RUN_ENTRY (object);

  self->thumbnail = g_task_propagate_pointer (G_TASK (result), NULL);
  if (self->thumbnail != NULL)
    g_object_notify_by_pspec (object, thumbnail_spec);
}

GdkTexture *
workbench_run_entry_get_thumbnail (WorkbenchRunEntry *self)
{
  if (!self->asked)
    {
      g_autoptr (GTask) task = g_task_new (self, NULL, on_thumbnail, NULL);

      self->asked = TRUE;
      g_task_set_task_data (task, g_strdup (self->folder), g_free);
      g_task_run_in_thread (task, read_thumbnail);
    }
  return self->thumbnail;
}

const char *
workbench_run_entry_get_folder (WorkbenchRunEntry *self)
{
  return self->folder;
}

const char *
workbench_run_entry_get_title (WorkbenchRunEntry *self)
{
  return self->title;
}

const char *
workbench_run_entry_get_line (WorkbenchRunEntry *self)
{
  return self->line;
}

const char *
workbench_run_entry_get_note (WorkbenchRunEntry *self)
{
  return self->note;
}

gboolean
workbench_run_entry_set_note (WorkbenchRunEntry *self, const char *note, GError **error)
{
  if (!dfkd_run_note_save (self->folder, note, error))
    return FALSE;
  g_free (self->note);
  self->note = dfkd_run_note_load (self->folder);
  g_object_notify_by_pspec (G_OBJECT (self), note_spec);
  return TRUE;
}

const DfkdRecipe *
workbench_run_entry_get_recipe (WorkbenchRunEntry *self)
{
  return self->recipe;
}

double
workbench_run_entry_get_accuracy (WorkbenchRunEntry *self)
{
  return self->accuracy;
}

double
workbench_run_entry_get_seconds (WorkbenchRunEntry *self)
{
  return self->seconds;
}

gboolean
workbench_run_entry_can_resume (WorkbenchRunEntry *self)
{
  return self->can_resume;
}

static void
workbench_run_entry_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  WorkbenchRunEntry *self = WORKBENCH_RUN_ENTRY (object);

  if (property == NOTE)
    g_value_set_string (value, self->note);
  else
    g_value_set_object (value, workbench_run_entry_get_thumbnail (self));
}

static void
workbench_run_entry_finalize (GObject *object)
{
  WorkbenchRunEntry *self = WORKBENCH_RUN_ENTRY (object);

  g_free (self->folder);
  g_free (self->title);
  g_free (self->line);
  g_free (self->note);
  g_clear_pointer (&self->recipe, dfkd_recipe_free);
  g_clear_object (&self->thumbnail);
  G_OBJECT_CLASS (workbench_run_entry_parent_class)->finalize (object);
}

static void
workbench_run_entry_class_init (WorkbenchRunEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = workbench_run_entry_get_property;
  object_class->finalize = workbench_run_entry_finalize;
  thumbnail_spec = g_param_spec_object ("thumbnail", NULL, NULL, GDK_TYPE_TEXTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, THUMBNAIL, thumbnail_spec);
  note_spec = g_param_spec_string ("note", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, NOTE, note_spec);
}

static void
workbench_run_entry_init (WorkbenchRunEntry *self)
{
}
