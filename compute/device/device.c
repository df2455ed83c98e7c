/* device.c: opening devices by name, and programs on top of whatever backend does the work. */
#include "device-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
dfkd_device_description_free (DfkdDeviceDescription *description)
{
  if (description == NULL)
    return;
  g_free (description->id);
  g_free (description->name);
  g_free (description->kind);
  g_free (description->driver);
  g_free (description);
}

GPtrArray *
dfkd_device_list (void)
{
  GPtrArray *descriptions = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_device_description_free);

  dfkd_cpu_list (descriptions, 0);
  dfkd_vulkan_list (descriptions);
  return descriptions;
}

static DfkdDevice *
unknown (const char *id, GError **error)
{
  g_autoptr (GPtrArray) descriptions = dfkd_device_list ();
  g_autoptr (GString) known = g_string_new ("auto, vulkan");

  for (guint i = 0; i < descriptions->len; i++)
    g_string_append_printf (known, ", %s", ((DfkdDeviceDescription *) g_ptr_array_index (descriptions, i))->id);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--device %s: there is no such device; this machine has %s"), id,
               known->str);
  return NULL;
}

DfkdDevice *
dfkd_device_open (const char *id, guint threads, GError **error)
{
  guint64 index;

  if (id == NULL || g_str_equal (id, "auto"))
    {
      DfkdDevice *device = dfkd_vulkan_open (-1, TRUE, NULL);

      return device != NULL ? device : dfkd_cpu_open (threads, error);
    }
  if (g_str_equal (id, "cpu"))
    return dfkd_cpu_open (threads, error);
  if (g_str_equal (id, "vulkan"))
    return dfkd_vulkan_open (-1, FALSE, error);
  if (g_str_has_prefix (id, "vulkan:") && g_ascii_string_to_unsigned (id + strlen ("vulkan:"), 10, 0, G_MAXINT, &index, NULL))
    return dfkd_vulkan_open ((gint) index, FALSE, error);
  return unknown (id, error);
}

void
dfkd_device_free (DfkdDevice *device)
{
  if (device == NULL)
    return;
  device->klass->close (device);
  g_free (device->description.id);
  g_free (device->description.name);
  g_free (device->description.kind);
  g_free (device->description.driver);
  g_free (device);
}

const DfkdDeviceDescription *
dfkd_device_describe (DfkdDevice *device)
{
  return &device->description;
}

const DfkdDeviceCounters *
dfkd_device_counters (DfkdDevice *device)
{
  return &device->counters;
}

gboolean
dfkd_device_allocate (DfkdDevice *device, DfkdBlock *block, GError **error)
{
  g_return_val_if_fail (block->storage == NULL, FALSE);
  return device->klass->allocate (device, block, error);
}

gboolean
dfkd_device_write (DfkdDevice *device, DfkdBlock *block, gsize offset, const void *data, gsize bytes, GError **error)
{
  g_return_val_if_fail (block->storage != NULL && offset + bytes <= block->bytes, FALSE);
  device->counters.transfers++;
  return device->klass->write (device, block, offset, data, bytes, error);
}

gboolean
dfkd_device_read (DfkdDevice *device, DfkdBlock *block, gsize offset, void *data, gsize bytes, GError **error)
{
  g_return_val_if_fail (block->storage != NULL && offset + bytes <= block->bytes, FALSE);
  device->counters.transfers++;
  return device->klass->read (device, block, offset, data, bytes, error);
}

const char *
dfkd_precision_name (DfkdPrecision precision)
{
  static const char *const names[DFKD_N_PRECISIONS] = { "float32", "bfloat16", "float16" };

  return names[precision];
}

gboolean
dfkd_device_has_precision (DfkdDevice *device, DfkdPrecision precision)
{
  return precision == DFKD_PRECISION_FLOAT32
         || (device->klass->has_precision != NULL && device->klass->has_precision (device, precision));
}

gboolean
dfkd_device_set_precision (DfkdDevice *device, DfkdPrecision precision, GError **error)
{
  if (!dfkd_device_has_precision (device, precision))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _("%s cannot multiply in %s; use --precision float32, or another device"),
                   device->description.name, dfkd_precision_name (precision));
      return FALSE;
    }
  device->precision = precision;
  return TRUE;
}

char *
dfkd_device_describe_trials (guint done, guint all)
{
  return g_strdup_printf (_("trying kernels, %u of %u (the first start on this device)"), MIN (done + 1, all), all);
}

void
dfkd_device_set_watch (DfkdDevice *device, DfkdDeviceWatch watch, gpointer data)
{
  device->watch = watch;
  device->watch_data = data;
}

DfkdPrecision
dfkd_device_get_precision (DfkdDevice *device)
{
  return device->precision;
}

DfkdProgram *
dfkd_program_new (DfkdDevice *device, const DfkdGraph *graph, GError **error)
{
  return dfkd_program_new_lanes (device, graph, DFKD_LANES, error);
}

DfkdProgram *
dfkd_program_new_lanes (DfkdDevice *device, const DfkdGraph *graph, guint lanes, GError **error)
{
  DfkdPlanner planner;
  DfkdPlan *plan;
  DfkdProgram *program;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (lanes >= 1 && lanes <= DFKD_MAX_LANES, NULL);
  planner = device->klass->planner;
  planner.data = device;
  plan = dfkd_plan_new (graph, &planner, &problem);
  if (plan == NULL)
    {
      if (g_error_matches (problem, DFKD_ERROR, DFKD_ERROR_MEMORY))
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("%s: the largest tensor does not fit into a piece of this device's memory; use a smaller batch or --device cpu"),
                     dfkd_graph_get_name (graph));
      else
        g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  program = g_new0 (DfkdProgram, 1);
  program->device = device;
  program->plan = plan;
  program->n_lanes = lanes;
  program->precision = device->precision;
  program->dials = g_malloc0 (MAX (plan->dial_bytes, 1));
  program->seconds = g_new0 (double, g_strv_length (plan->regions));
  device->counters.programs++;
  if (!device->klass->prepare (device, program, error))
    g_clear_pointer (&program, dfkd_program_free);
  return program;
}

void
dfkd_program_free (DfkdProgram *program)
{
  if (program == NULL)
    return;
  program->device->klass->release (program);
  dfkd_plan_free (program->plan);
  g_free (program->dials);
  g_free (program->seconds);
  g_free (program);
}

const DfkdPlan *
dfkd_program_get_plan (DfkdProgram *program)
{
  return program->plan;
}

gint
dfkd_program_dial (DfkdProgram *program, const char *name)
{
  for (gint i = 0; program->plan->dials[i] != NULL; i++)
    if (g_str_equal (program->plan->dials[i], name))
      return i;
  return -1;
}

void
dfkd_program_set (DfkdProgram *program, const char *name, float value)
{
  gint dial = dfkd_program_dial (program, name);

  if (dial >= 0)
    memcpy (program->dials + (gsize) dial * DFKD_ALIGNMENT, &value, sizeof value);
}

void
dfkd_program_set_counter (DfkdProgram *program, const char *name, guint64 seed, guint32 step, guint32 offset)
{
  gint dial = dfkd_program_dial (program, name);
  guint32 words[4] = { (guint32) seed, (guint32) (seed >> 32), step, offset };

  if (dial >= 0)
    memcpy (program->dials + (gsize) dial * DFKD_ALIGNMENT, words, sizeof words);
}

gboolean
dfkd_program_run (DfkdProgram *program, GError **error)
{
  return program->device->klass->run (program, error);
}

gboolean
dfkd_program_wait (DfkdProgram *program, GError **error)
{
  program->device->counters.waits++;
  return program->device->klass->wait (program, error);
}

void
dfkd_device_begin_batch (DfkdDevice *device)
{
  if (device->klass->begin_batch != NULL)
    device->klass->begin_batch (device);
}

gboolean
dfkd_device_has_batches (DfkdDevice *device)
{
  return device->klass->begin_batch != NULL;
}

gboolean
dfkd_device_end_batch (DfkdDevice *device, GError **error)
{
  return device->klass->end_batch == NULL || device->klass->end_batch (device, error);
}

/* where @name stands in @results, a read-back area or NULL */
static gconstpointer
find_read (DfkdProgram *program, const char *name, gconstpointer results, const DfkdShape **shape)
{
  for (guint i = 0; i < program->plan->n_reads; i++)
    {
      const DfkdReadSlot *slot = &program->plan->reads[i];

      if (!g_str_equal (slot->name, name))
        continue;
      if (shape != NULL)
        *shape = &slot->shape;
      return results != NULL ? (const guint8 *) results + slot->offset : NULL;
    }
  return NULL;
}

gconstpointer
dfkd_program_read (DfkdProgram *program, const char *name, const DfkdShape **shape)
{
  return find_read (program, name, program->results, shape);
}

gconstpointer
dfkd_program_read_run (DfkdProgram *program, const char *name, guint age, const DfkdShape **shape)
{
  return find_read (program, name, program->device->klass->results (program, age, NULL), shape);
}

gboolean
dfkd_program_seconds_run (DfkdProgram *program, guint age, double *seconds)
{
  return program->device->klass->results (program, age, seconds) != NULL;
}

const double *
dfkd_program_seconds (DfkdProgram *program)
{
  return program->seconds;
}

gboolean
dfkd_program_profile (DfkdProgram *program, double *seconds, GError **error)
{
  DfkdDevice *device = program->device;

  if (device->klass->profile == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _("%s cannot time single kernels"), device->description.name);
      return FALSE;
    }
  device->counters.waits++;
  return device->klass->profile (program, seconds, error);
}
