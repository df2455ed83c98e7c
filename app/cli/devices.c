/* devices.c: dfkd devices. */
#include "command.h"

int
dfkd_command_devices (int argc, char **argv)
{
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!dfkd_command_parse (&argc, &argv, "devices", NULL, _("Lists the CPU and every Vulkan device, as --device takes them."), NULL, &common,
                           NULL, 0))
    return DFKD_EXIT_USAGE;
  devices = dfkd_device_list ();
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < devices->len; i++)
    {
      const DfkdDeviceDescription *d = g_ptr_array_index (devices, i);
      g_autofree char *memory = d->memory > 0 ? g_format_size_full (d->memory, G_FORMAT_SIZE_IEC_UNITS) : g_strdup ("");

      if (!common.json)
        g_print ("%-10s %s · %s · %s%s%s\n", d->id, d->name, _(d->kind), d->driver, *memory != '\0' ? " · " : "", memory);
      json_builder_begin_object (builder);
      dfkd_json_text (builder, "id", d->id);
      dfkd_json_text (builder, "name", d->name);
      dfkd_json_text (builder, "kind", d->kind);
      dfkd_json_text (builder, "driver", d->driver);
      dfkd_json_integer (builder, "memory", (gint64) d->memory);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (common.json)
    dfkd_json_print (builder);
  else
    g_print (_("auto takes a real GPU if there is one, else the CPU.\n"));
  return DFKD_EXIT_DONE;
}
