/* replay.c: dfkd replay: a reference case against this machine. */
#include "command.h"

int
dfkd_command_replay (int argc, char **argv)
{
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = NULL;
  g_autoptr (GPtrArray) deviations = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint out = 0, nudge = 0;

  if (!dfkd_command_parse (&argc, &argv, "replay", "CASE.safetensors",
                           _("Runs a numerical reference case and prints how far each result is from it, as a relative norm.\nThe exit code is 1 if one is out of tolerance."),
                           NULL, &common, NULL, 1))
    return DFKD_EXIT_USAGE;
  device = dfkd_command_open_device (&common, &error);
  deviations = device != NULL ? dfkd_replay_case (device, argv[1], &nudge, &error) : NULL;
  if (deviations == NULL)
    return dfkd_command_fail (error);
  json_builder_begin_array (builder);
  for (guint i = 0; i < deviations->len; i++)
    {
      const DfkdDeviation *d = g_ptr_array_index (deviations, i);
      gboolean good = d->deviation <= d->tolerance;

      out += !good;
      json_builder_begin_object (builder);
      dfkd_json_text (builder, "name", d->name);
      dfkd_json_number (builder, "deviation", d->deviation);
      dfkd_json_number (builder, "tolerance", d->tolerance);
      json_builder_end_object (builder);
      if (!common.json)
        g_print ("%-45s %9.2e  (%.0e)%s\n", d->name, d->deviation, d->tolerance, good ? "" : _("  OUT OF TOLERANCE"));
    }
  json_builder_end_array (builder);
  if (common.json)
    dfkd_json_print (builder);
  else
    {
      if (nudge > 0)
        g_print (_("from latents nudged in their last place (nudge %u): as given, an input of a ReLU lies within rounding of zero\n"), nudge);
      g_print (g_dngettext (GETTEXT_PACKAGE, "%u result, %u out of tolerance\n", "%u results, %u out of tolerance\n", deviations->len), deviations->len, out);
    }
  return out > 0 ? DFKD_EXIT_FAILED : DFKD_EXIT_DONE;
}
