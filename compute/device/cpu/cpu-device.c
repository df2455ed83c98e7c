/* cpu-device.c: the CPU as a device: blocks are aligned memory, a program is a flat list of kernel calls. */
#include "cpu-private.h"

#include "blas-private.h"
#include "errors.h"
#include "kernels-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  DfkdThreadPool *pool;
} Cpu;

/* an operand in the read-back area: elsewhere in each lane */
typedef struct {
  DfkdCall *call;
  guint input; /* DFKD_MAX_INPUTS: the result */
  gsize offset;
} ReadOperand;

typedef struct {
  guint8 *slab, *dials, *reads; /* reads: one area a lane */
  double *seconds;              /* by lane and region */
  gsize lane_bytes;
  guint n_regions;
  guint64 n_runs;
  DfkdCall *calls;
  DfkdKernel *kernels;
  GArray *read_operands; /* of ReadOperand */
} CpuProgram;

guint
dfkd_cpu_threads (gpointer device)
{
  Cpu *cpu = ((DfkdDevice *) device)->backend;

  return dfkd_thread_pool_get_threads (cpu->pool);
}

/* Linux promises memory that it does not have and ends whoever uses it: so ask what is there. */
static gboolean
is_too_much (gsize bytes)
{
  g_autofree char *text = NULL;
  const char *line;

  if (bytes < (gsize) 64 << 20 || !g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return FALSE;
  line = strstr (text, "MemAvailable:");
  return line != NULL && bytes / 1024 > g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10);
}

static guint8 *
allocate (DfkdDevice *device, gsize bytes, const char *what, GError **error)
{
  gsize rounded = (MAX (bytes, 1) + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
  guint8 *memory = is_too_much (rounded) ? NULL : aligned_alloc (DFKD_ALIGNMENT, rounded);

  if (memory == NULL)
    {
      g_autofree char *size = g_format_size (bytes);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("%s needs %s of memory, more than there is; use a smaller batch or a smaller network"), what, size);
      return NULL;
    }
  device->counters.allocations++;
  memset (memory, 0, rounded);
  return memory;
}

static gboolean
cpu_allocate (DfkdDevice *device, DfkdBlock *block, GError **error)
{
  block->storage = allocate (device, block->bytes, block->name, error);
  block->free_storage = free;
  return block->storage != NULL;
}

static gboolean
cpu_write (DfkdDevice *device, DfkdBlock *block, gsize offset, const void *data, gsize bytes, GError **error)
{
  memcpy ((guint8 *) block->storage + offset, data, bytes);
  return TRUE;
}

static gboolean
cpu_read (DfkdDevice *device, DfkdBlock *block, gsize offset, void *data, gsize bytes, GError **error)
{
  memcpy (data, (const guint8 *) block->storage + offset, bytes);
  return TRUE;
}

static void *
resolve (const CpuProgram *cpu, const DfkdPlace *place)
{
  switch (place->kind)
    {
    case DFKD_PLACE_SLAB:
      return cpu->slab + place->offset;
    case DFKD_PLACE_BLOCK:
      return (guint8 *) place->block->storage + place->offset;
    case DFKD_PLACE_DIAL:
      return cpu->dials + place->offset;
    case DFKD_PLACE_READ:
      return cpu->reads + place->offset;
    case DFKD_PLACE_NONE:
      break;
    }
  return NULL;
}

static void
note_read (CpuProgram *cpu, DfkdCall *call, guint input, const DfkdPlace *place)
{
  ReadOperand operand = { call, input, place->offset };

  if (place->kind == DFKD_PLACE_READ)
    g_array_append_val (cpu->read_operands, operand);
}

/* Takes the next lane; returns its seconds by region, all zero. */
static double *
begin_run (DfkdProgram *program)
{
  CpuProgram *cpu = program->backend;
  guint lane = (guint) (cpu->n_runs++ % program->n_lanes);
  guint8 *reads = cpu->reads + lane * cpu->lane_bytes;

  memcpy (cpu->dials, program->dials, program->plan->dial_bytes);
  for (guint i = 0; i < cpu->read_operands->len; i++)
    {
      const ReadOperand *operand = &g_array_index (cpu->read_operands, ReadOperand, i);

      if (operand->input < DFKD_MAX_INPUTS)
        operand->call->in[operand->input] = reads + operand->offset;
      else
        operand->call->out = reads + operand->offset;
    }
  program->results = reads;
  return memset (cpu->seconds + lane * cpu->n_regions, 0, cpu->n_regions * sizeof (double));
}

static void
cpu_release (DfkdProgram *program)
{
  CpuProgram *cpu = program->backend;

  if (cpu == NULL)
    return;
  free (cpu->slab);
  free (cpu->dials);
  free (cpu->reads);
  g_free (cpu->seconds);
  g_clear_pointer (&cpu->read_operands, g_array_unref);
  g_free (cpu->calls);
  g_free (cpu->kernels);
  g_free (cpu);
}

static gboolean
cpu_prepare (DfkdDevice *device, DfkdProgram *program, GError **error)
{
  const DfkdPlan *plan = program->plan;
  CpuProgram *cpu = g_new0 (CpuProgram, 1);

  program->backend = cpu;
  cpu->lane_bytes = (plan->read_bytes + DFKD_ALIGNMENT - 1) / DFKD_ALIGNMENT * DFKD_ALIGNMENT;
  if ((cpu->slab = allocate (device, plan->slab_bytes, plan->name, error)) == NULL
      || (cpu->dials = allocate (device, plan->dial_bytes, plan->name, error)) == NULL
      || (cpu->reads = allocate (device, program->n_lanes * cpu->lane_bytes, plan->name, error)) == NULL)
    return FALSE;
  cpu->n_regions = g_strv_length (plan->regions);
  cpu->seconds = g_new0 (double, program->n_lanes * cpu->n_regions);
  cpu->read_operands = g_array_new (FALSE, FALSE, sizeof (ReadOperand));
  cpu->calls = g_new0 (DfkdCall, plan->n_steps);
  cpu->kernels = g_new0 (DfkdKernel, plan->n_steps);
  for (guint i = 0; i < plan->n_steps; i++)
    {
      const DfkdStep *step = &plan->steps[i];
      DfkdCall *call = &cpu->calls[i];

      cpu->kernels[i] = dfkd_cpu_kernel (step->op);
      call->step = step;
      call->pool = ((Cpu *) device->backend)->pool;
      for (guint j = 0; j < step->n_inputs; j++)
        {
          call->in[j] = resolve (cpu, &step->input[j]);
          note_read (cpu, call, j, &step->input[j]);
        }
      call->out = resolve (cpu, &step->output);
      note_read (cpu, call, DFKD_MAX_INPUTS, &step->output);
      call->workspace = resolve (cpu, &step->workspace);
    }
  program->results = cpu->reads;
  device->counters.recordings++;
  return TRUE;
}

static gboolean
cpu_run (DfkdProgram *program, GError **error)
{
  CpuProgram *cpu = program->backend;
  const DfkdPlan *plan = program->plan;
  double *seconds = begin_run (program);
  gint64 before = g_get_monotonic_time ();

  for (guint i = 0; i < plan->n_steps; i++)
    {
      guint region = plan->steps[i].region;

      cpu->kernels[i](&cpu->calls[i]);
      if (i + 1 == plan->n_steps || plan->steps[i + 1].region != region)
        {
          gint64 now = g_get_monotonic_time ();

          seconds[region] += (double) (now - before) * 1e-6;
          before = now;
        }
    }
  memcpy (program->seconds, seconds, cpu->n_regions * sizeof *seconds);
  program->device->counters.submissions++;
  return TRUE;
}

static gconstpointer
cpu_results (DfkdProgram *program, guint age, double *seconds)
{
  CpuProgram *cpu = program->backend;
  guint lane;

  if (age >= cpu->n_runs || age >= program->n_lanes)
    return NULL;
  lane = (guint) ((cpu->n_runs - 1 - age) % program->n_lanes);
  if (seconds != NULL)
    memcpy (seconds, cpu->seconds + lane * cpu->n_regions, cpu->n_regions * sizeof *seconds);
  return cpu->reads + lane * cpu->lane_bytes;
}

static gboolean
cpu_profile (DfkdProgram *program, double *seconds, GError **error)
{
  CpuProgram *cpu = program->backend;
  const DfkdPlan *plan = program->plan;

  begin_run (program);
  for (guint i = 0; i < plan->n_steps; i++)
    {
      gint64 before = g_get_monotonic_time ();

      cpu->kernels[i](&cpu->calls[i]);
      seconds[i] = (double) (g_get_monotonic_time () - before) * 1e-6;
    }
  program->device->counters.submissions++;
  return TRUE;
}

static gboolean
cpu_wait (DfkdProgram *program, GError **error)
{
  return TRUE;
}

static void
cpu_close (DfkdDevice *device)
{
  Cpu *cpu = device->backend;

  dfkd_thread_pool_free (cpu->pool);
  g_free (cpu);
}

static const DfkdDeviceClass cpu_class = {
  .workspace = dfkd_cpu_workspace,
  .allocate = cpu_allocate,
  .write = cpu_write,
  .read = cpu_read,
  .prepare = cpu_prepare,
  .release = cpu_release,
  .run = cpu_run,
  .wait = cpu_wait,
  .results = cpu_results,
  .profile = cpu_profile,
  .close = cpu_close,
};

static char *
processor_name (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    return g_strdup ("CPU");
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "model name") && strchr (lines[i], ':') != NULL)
      return g_strdup (g_strstrip (strchr (lines[i], ':') + 1));
  return g_strdup ("CPU");
}

static DfkdDeviceDescription
describe (guint threads)
{
  g_autofree char *processor = processor_name ();
  long pages = sysconf (_SC_PHYS_PAGES), size = sysconf (_SC_PAGE_SIZE);

  if (threads == 0)
    threads = g_get_num_processors ();
  return (DfkdDeviceDescription){
    .id = g_strdup ("cpu"),
    .name = g_strdup_printf (g_dngettext (NULL, "%s, %u thread", "%s, %u threads", threads), processor, threads),
    .kind = g_strdup ("processor"),
    .driver = g_strdup (dfkd_blas (NULL) != NULL ? dfkd_blas (NULL)->get_config () : ""),
    .memory = pages > 0 && size > 0 ? (guint64) pages * (guint64) size : 0,
  };
}

void
dfkd_cpu_list (GPtrArray *descriptions, guint threads)
{
  DfkdDeviceDescription description = describe (threads);

  g_ptr_array_add (descriptions, g_memdup2 (&description, sizeof description));
}

DfkdDevice *
dfkd_cpu_open (guint threads, GError **error)
{
  DfkdDevice *device;
  Cpu *cpu;

  if (dfkd_blas (error) == NULL)
    return NULL;
  device = g_new0 (DfkdDevice, 1);
  cpu = g_new0 (Cpu, 1);
  cpu->pool = dfkd_thread_pool_new (threads);
  device->klass = &cpu_class;
  device->description = describe (threads);
  device->backend = cpu;
  return device;
}
