/* cpu-device.c: the CPU as a device: blocks are aligned memory, a program is a flat list of kernel calls.
 *
 * Temporaries of all programs share one slab, the longest of them, and each worker has memory for a slice of a chain:
 * programs run one after the other. */
#include "cpu-private.h"

#include "blas.h"
#include "convolution-private.h"
#include "errors.h"
#include "kernels-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  DfkdThreadPool *pool, *alone; /* alone: the calling thread */
  guint8 *slab, *slices;        /* slices: slice_bytes for each worker */
  gsize slab_bytes, slice_bytes;
  guint64 moves; /* of slab and slices, by programs that needed more */
} Cpu;

/* an operand in the read-back area: elsewhere in each lane */
typedef struct {
  DfkdCall *call;
  guint input; /* DFKD_MAX_INPUTS: the result */
  gsize offset;
} ReadOperand;

/* a chain's steps with the shapes of a slice, and of the last, which may be smaller */
typedef struct {
  DfkdStep *whole, *last;
} SlicedSteps;

typedef struct {
  guint8 *dials, *reads; /* reads: one area a lane */
  double *seconds;       /* by lane and region */
  gsize lane_bytes;
  guint n_regions;
  guint64 n_runs, moves; /* moves: of the device when calls were resolved */
  DfkdCall *calls;
  SlicedSteps *sliced; /* by chain */
  double *shares;      /* by worker and step: seconds in the chain that ran last */
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

/* @room: (inout): bytes that are wanted, and that there are, with whatever is in them; @spare: as many are given back to the system next */
static guint8 *
obtain (DfkdDevice *device, gsize *room, gsize spare, const char *what, GError **error)
{
  gsize bytes = *room, rounded = dfkd_aligned (MAX (bytes, 1));
  gsize large = (gsize) 2 << 20, alignment = rounded >= 2 * large ? large : DFKD_ALIGNMENT;
  guint8 *memory;

  rounded = (rounded + alignment - 1) / alignment * alignment;
  memory = rounded > spare && is_too_much (rounded - spare) ? NULL : aligned_alloc (alignment, rounded);
  if (memory == NULL)
    {
      g_autofree char *size = g_format_size (bytes);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("%s needs %s of memory, more than there is; use a smaller batch or a smaller network"), what, size);
      return NULL;
    }
  if (alignment == large)
    madvise (memory, rounded, MADV_HUGEPAGE); /* fewer misses of the TLB; only a wish */
  device->counters.allocations++;
  *room = rounded;
  return memory;
}

static guint8 *
allocate (DfkdDevice *device, gsize bytes, const char *what, GError **error)
{
  guint8 *memory = obtain (device, &bytes, 0, what, error);

  return memory != NULL ? memset (memory, 0, bytes) : NULL;
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
resolve (const Cpu *device, const CpuProgram *cpu, const DfkdPlace *place)
{
  switch (place->kind)
    {
    case DFKD_PLACE_SLAB:
      return device->slab + place->offset;
    case DFKD_PLACE_BLOCK:
      return (guint8 *) place->block->storage + place->offset;
    case DFKD_PLACE_DIAL:
      return cpu->dials + place->offset;
    case DFKD_PLACE_READ:
      return cpu->reads + place->offset;
    case DFKD_PLACE_SLICE: /* every worker has its own */
    case DFKD_PLACE_NONE:
      break;
    }
  return NULL;
}

static void
resolve_calls (DfkdProgram *program)
{
  const Cpu *device = program->device->backend;
  CpuProgram *cpu = program->backend;

  for (guint i = 0; i < program->plan->n_steps; i++)
    {
      const DfkdStep *step = &program->plan->steps[i];
      DfkdCall *call = &cpu->calls[i];

      for (guint j = 0; j < step->n_inputs; j++)
        call->in[j] = resolve (device, cpu, &step->input[j]);
      call->out = resolve (device, cpu, &step->output);
      call->workspace = resolve (device, cpu, &step->workspace);
      call->shared = resolve (device, cpu, &step->shared);
    }
  cpu->moves = device->moves;
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

  if (cpu->moves != ((Cpu *) program->device->backend)->moves)
    resolve_calls (program);
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
  free (cpu->dials);
  free (cpu->reads);
  for (guint i = 0; cpu->sliced != NULL && i < program->plan->n_chains; i++)
    {
      g_free (cpu->sliced[i].whole);
      g_free (cpu->sliced[i].last);
    }
  g_free (cpu->sliced);
  g_free (cpu->shares);
  g_free (cpu->seconds);
  g_clear_pointer (&cpu->read_operands, g_array_unref);
  g_free (cpu->calls);
  g_free (cpu);
}

/* Makes *memory of the device at least @bytes long for each of @copies. Where that fails it stays as it is: other programs compute in it. */
static gboolean
reserve (DfkdDevice *device, guint8 **memory, gsize *size, gsize bytes, guint copies, const char *what, GError **error)
{
  guint8 *larger;
  gsize room;

  bytes = dfkd_aligned (bytes);
  room = copies * bytes;
  if (*memory != NULL && bytes <= *size)
    return TRUE;
  larger = obtain (device, &room, copies * *size, what, error);
  if (larger == NULL)
    return FALSE;
  free (*memory); /* before the other is written to: until then the system has not given any of it */
  memset (larger, 0, room);
  device->counters.arena_bytes += copies * (bytes - *size);
  *memory = larger;
  *size = bytes;
  ((Cpu *) device->backend)->moves++;
  return TRUE;
}

static SlicedSteps
slice_steps (const DfkdPlan *plan, const DfkdChain *chain)
{
  SlicedSteps sliced = { g_memdup2 (plan->steps + chain->first, chain->count * sizeof (DfkdStep)),
                         g_memdup2 (plan->steps + chain->first, chain->count * sizeof (DfkdStep)) };

  for (guint i = 0; i < chain->count; i++)
    {
      dfkd_step_slice (&sliced.whole[i], chain->slice);
      dfkd_step_slice (&sliced.last[i], chain->images - (dfkd_chain_slices (chain) - 1) * chain->slice);
    }
  return sliced;
}

static gboolean
cpu_prepare (DfkdDevice *device, DfkdProgram *program, GError **error)
{
  const DfkdPlan *plan = program->plan;
  CpuProgram *cpu = g_new0 (CpuProgram, 1);
  Cpu *shared = device->backend;
  guint threads = dfkd_thread_pool_get_threads (shared->pool), longest = 0;
  gsize slice_bytes = 0;

  program->backend = cpu;
  for (guint i = 0; i < plan->n_chains; i++)
    {
      slice_bytes = MAX (slice_bytes, plan->chains[i].bytes);
      longest = MAX (longest, plan->chains[i].count);
    }
  cpu->lane_bytes = dfkd_aligned (plan->read_bytes);
  if (!reserve (device, &shared->slab, &shared->slab_bytes, plan->slab_bytes, 1, plan->name, error)
      || !reserve (device, &shared->slices, &shared->slice_bytes, slice_bytes, threads, plan->name, error)
      || (cpu->dials = allocate (device, plan->dial_bytes, plan->name, error)) == NULL
      || (cpu->reads = allocate (device, program->n_lanes * cpu->lane_bytes, plan->name, error)) == NULL)
    return FALSE;
  cpu->n_regions = g_strv_length (plan->regions);
  cpu->seconds = g_new0 (double, program->n_lanes * cpu->n_regions);
  cpu->shares = g_new0 (double, threads * longest);
  cpu->read_operands = g_array_new (FALSE, FALSE, sizeof (ReadOperand));
  cpu->sliced = g_new0 (SlicedSteps, plan->n_chains);
  cpu->calls = g_new0 (DfkdCall, plan->n_steps);
  for (guint i = 0; i < plan->n_steps; i++)
    {
      const DfkdStep *step = &plan->steps[i];
      DfkdCall *call = &cpu->calls[i];

      call->step = step;
      call->precision = device->precision;
      call->pool = shared->pool;
      for (guint j = 0; j < step->n_inputs; j++)
        note_read (cpu, call, j, &step->input[j]);
      note_read (cpu, call, DFKD_MAX_INPUTS, &step->output);
    }
  for (guint i = 0; i < plan->n_chains; i++)
    {
      const DfkdChain *chain = &plan->chains[i];

      cpu->sliced[i] = slice_steps (plan, chain);
      for (guint j = 0; j < chain->count; j++)
        cpu->calls[chain->first + j].chain = chain;
    }
  resolve_calls (program);
  program->results = cpu->reads;
  device->counters.recordings++;
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------- running */

static double
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

typedef struct {
  const Cpu *device;
  CpuProgram *cpu;
  const DfkdChain *chain;
  const SlicedSteps *sliced;
} ChainRun;

/* where the slice at hand of an operand is */
static void *
slice_of (const ChainRun *run, const DfkdPlace *place, const void *whole, guint8 *memory, gboolean by_image, gsize slice)
{
  if (place->kind == DFKD_PLACE_SLICE)
    return memory + place->offset;
  return (guint8 *) whole + (by_image ? slice * run->chain->slice * (place->bytes / run->chain->images) : 0);
}

/* a slice through all steps of the chain */
static void
slice_task (gpointer data, gsize slice)
{
  const ChainRun *run = data;
  const DfkdChain *chain = run->chain;
  guint worker = dfkd_thread_pool_act_as (0); /* kernels work alone, in memory for one */
  guint8 *memory = run->device->slices + worker * run->device->slice_bytes;
  double *shares = run->cpu->shares + worker * chain->count, before = now ();

  for (guint i = 0; i < chain->count; i++)
    {
      const DfkdStep *step = slice + 1 < dfkd_chain_slices (chain) ? &run->sliced->whole[i] : &run->sliced->last[i];
      DfkdCall call = run->cpu->calls[chain->first + i];
      double after;

      for (guint j = 0; j < step->n_inputs; j++)
        if (call.in[j] != NULL || step->input[j].kind == DFKD_PLACE_SLICE)
          call.in[j] = slice_of (run, &step->input[j], call.in[j], memory, step->by_image >> j & 1, slice);
      call.out = slice_of (run, &step->output, call.out, memory, (step->by_image & DFKD_BY_IMAGE_RESULT) != 0, slice);
      call.workspace = slice_of (run, &step->workspace, call.workspace, memory, FALSE, slice);
      call.step = step;
      call.slice = slice;
      call.pool = run->device->alone;
      dfkd_cpu_op (step->op)->run (&call);
      after = now ();
      shares[i] += after - before;
      before = after;
    }
  dfkd_thread_pool_act_as (worker);
}

static void
run_each (const CpuProgram *cpu, const DfkdChain *chain, gboolean finish)
{
  for (guint i = chain->first; i < chain->first + chain->count; i++)
    {
      const DfkdCpuOp *op = dfkd_cpu_op (cpu->calls[i].step->op);
      DfkdKernel kernel = finish ? op->finish : op->prepare;

      if (kernel != NULL)
        kernel (&cpu->calls[i]);
    }
}

/* Runs a chain; cpu->shares then hold what each step took of it, together the time of the whole. */
static void
run_chain (DfkdProgram *program, guint index)
{
  CpuProgram *cpu = program->backend;
  const Cpu *device = program->device->backend;
  const DfkdChain *chain = &program->plan->chains[index];
  ChainRun run = { device, cpu, chain, &cpu->sliced[index] };
  guint threads = dfkd_thread_pool_get_threads (device->pool);
  double before = now (), sum = 0.0, scale;

  memset (cpu->shares, 0, threads * chain->count * sizeof (double));
  run_each (cpu, chain, FALSE);
  dfkd_thread_pool_run (device->pool, dfkd_chain_slices (chain), slice_task, &run);
  run_each (cpu, chain, TRUE);
  for (guint i = 0; i < chain->count; i++)
    for (guint worker = 0; worker < threads; worker++)
      {
        double share = cpu->shares[worker * chain->count + i];

        sum += share;
        if (worker > 0)
          cpu->shares[i] += share;
      }
  scale = sum > 0.0 ? (now () - before) / sum : 0.0;
  for (guint i = 0; i < chain->count; i++)
    cpu->shares[i] *= scale;
}

static void
run_step (const DfkdCall *call)
{
  const DfkdCpuOp *op = dfkd_cpu_op (call->step->op);

  if (op->prepare != NULL)
    op->prepare (call);
  op->run (call);
  if (op->finish != NULL)
    op->finish (call);
}

/* Runs everything; what each step took goes to @seconds, by region or by step. */
static void
run_all (DfkdProgram *program, double *seconds, gboolean by_step)
{
  CpuProgram *cpu = program->backend;
  const DfkdPlan *plan = program->plan;

  for (guint i = 0, next = 0; i < plan->n_steps;)
    {
      double before = now ();

      if (next < plan->n_chains && plan->chains[next].first == i)
        {
          const DfkdChain *chain = &plan->chains[next];

          run_chain (program, next++);
          for (guint j = 0; j < chain->count; j++, i++)
            seconds[by_step ? i : plan->steps[i].region] += cpu->shares[j];
          continue;
        }
      run_step (&cpu->calls[i]);
      seconds[by_step ? i : plan->steps[i].region] += now () - before;
      i++;
    }
  program->device->counters.submissions++;
}

static gboolean
cpu_run (DfkdProgram *program, GError **error)
{
  CpuProgram *cpu = program->backend;
  double *seconds = begin_run (program);

  run_all (program, seconds, FALSE);
  memcpy (program->seconds, seconds, cpu->n_regions * sizeof *seconds);
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
  begin_run (program);
  memset (seconds, 0, program->plan->n_steps * sizeof *seconds);
  run_all (program, seconds, TRUE);
  return TRUE;
}

static gboolean
cpu_wait (DfkdProgram *program, GError **error)
{
  return TRUE;
}

static gboolean
cpu_has_precision (DfkdDevice *device, DfkdPrecision precision)
{
  return precision == DFKD_PRECISION_BFLOAT16 && dfkd_convolution_has_bfloat16 ();
}

static void
cpu_close (DfkdDevice *device)
{
  Cpu *cpu = device->backend;

  dfkd_thread_pool_free (cpu->pool);
  dfkd_thread_pool_free (cpu->alone);
  free (cpu->slab);
  free (cpu->slices);
  g_free (cpu);
}

static const DfkdDeviceClass cpu_class = {
  /* slices: a core's cache has to hold one; chains: less is not worth the start of the threads */
  .planner = { .workspace = dfkd_cpu_workspace, .shared = dfkd_cpu_shared, .slices = dfkd_cpu_slices, .slice_bytes = 512 << 10,
               .least_bytes = 256 << 10 },
  .has_precision = cpu_has_precision,
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
  cpu->alone = dfkd_thread_pool_new (1);
  device->klass = &cpu_class;
  device->description = describe (threads);
  device->backend = cpu;
  return device;
}
