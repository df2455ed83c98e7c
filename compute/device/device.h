/* device.h: the one contract with what computes: the CPU, or a Vulkan device.
 *
 * A device stores blocks and runs programs. A program is a plan prepared once: kernels chosen, pipelines made,
 * command buffers recorded. Running it again and again allocates nothing. Programs of a device run in the
 * order in which they were started. All calls for a device come from one thread.
 *
 *   DfkdProgram *program = dfkd_program_new (device, graph, &error);
 *   dfkd_program_set (program, "lr_g", 0.003f);
 *   dfkd_program_run (program, &error);
 *   const float *loss = dfkd_program_wait (program, "loss", &error);
 */
#pragma once

#include "plan.h"

G_BEGIN_DECLS

typedef struct _DfkdDevice DfkdDevice;
typedef struct _DfkdProgram DfkdProgram;

typedef struct {
  char *id;   /* "cpu", "vulkan:0" … as --device takes it */
  char *name; /* "Intel Xeon, 2 threads", "NVIDIA H200" … */
  char *kind; /* "processor", "discrete GPU", "integrated GPU", "software driver" …, in English: translated where it is shown */
  char *driver;
  guint64 memory;  /* bytes; 0 when unknown */
  guint64 largest; /* bytes of one tensor; 0 when only memory limits it */
  gboolean stamps; /* regions are timed by the device's own clock; FALSE: by the host's */
} DfkdDeviceDescription;

/** DfkdDeviceCounters: how often costly things happened; none may grow while programs are merely run. */
typedef struct {
  guint64 programs;    /* plans turned into programs */
  guint64 recordings;  /* command buffers recorded (Vulkan) or kernel lists made (CPU) */
  guint64 pipelines;   /* pipelines created (Vulkan) */
  guint64 allocations; /* host and device memory allocated by the device */
  guint64 submissions; /* times that runs were handed to the device: one, or a batch of them */
  guint64 waits;       /* times the host waited for the device */
  guint64 transfers;   /* block reads and writes by the host, outside programs */
  guint64 arena_bytes; /* memory for the temporaries of all programs there are */
} DfkdDeviceCounters;

/** dfkd_device_list: (transfer full) (element-type DfkdDeviceDescription): the CPU, then Vulkan devices. */
GPtrArray *dfkd_device_list (void);
void dfkd_device_description_free (DfkdDeviceDescription *description);

/**
 * dfkd_device_open:
 * @id: "cpu", "vulkan" (the first real GPU, else the first Vulkan device), "vulkan:N" or "auto" (a real GPU
 *   if there is one, else the CPU; never a software Vulkan driver)
 * @threads: CPU threads; 0 for all
 */
DfkdDevice *dfkd_device_open (const char *id, guint threads, GError **error);
void dfkd_device_free (DfkdDevice *device);
const DfkdDeviceDescription *dfkd_device_describe (DfkdDevice *device);
const DfkdDeviceCounters *dfkd_device_counters (DfkdDevice *device);

/** dfkd_device_allocate: gives @block storage, zeroed. DFKD_ERROR_MEMORY says how much was wanted. */
gboolean dfkd_device_allocate (DfkdDevice *device, DfkdBlock *block, GError **error);

/** dfkd_device_write: copies host bytes in storage order into a block; waits for running programs first. */
gboolean dfkd_device_write (DfkdDevice *device, DfkdBlock *block, gsize offset, const void *data, gsize bytes,
                            GError **error);
/** dfkd_device_read: the inverse. */
gboolean dfkd_device_read (DfkdDevice *device, DfkdBlock *block, gsize offset, void *data, gsize bytes,
                           GError **error);

/** DfkdPrecision: of the factors in convolutions and, where the device can, matrix products. Whatever it is, products are added
 * up in float32, and everything that is stored or done elementwise is float32. */
typedef enum {
  DFKD_PRECISION_FLOAT32,
  DFKD_PRECISION_BFLOAT16, /* 8 significant bits: AVX-512 BF16 or AMX on the CPU */
  DFKD_PRECISION_FLOAT16,  /* 11 significant bits: GPUs with float16. Beyond ±65504 a factor is ±65504; gradients are scaled by
                            * 1024 before they are rounded, and from ±64 on are ±64; grouped convolutions stay float32.
                            * Cooperative matrices multiply where the device has them and they are found to be right */
  DFKD_N_PRECISIONS
} DfkdPrecision;

/** dfkd_precision_name: "float32", "bfloat16", "float16": the same in every language */
const char *dfkd_precision_name (DfkdPrecision precision);
gboolean dfkd_device_has_precision (DfkdDevice *device, DfkdPrecision precision);
/** dfkd_device_set_precision: for programs made from here on. DFKD_ERROR_DEVICE when the device has no such thing. */
gboolean dfkd_device_set_precision (DfkdDevice *device, DfkdPrecision precision, GError **error);
DfkdPrecision dfkd_device_get_precision (DfkdDevice *device);

/** DfkdDeviceWatch: told, while a program is prepared, of the kernels that a Vulkan device tries for shapes that it meets for the
 * first time: when @done shapes out of @all are done, from none to all. From the thread that prepares. Returns: FALSE to have the
 * others guessed, and tried at the next start. */
typedef gboolean (*DfkdDeviceWatch) (guint done, guint all, gpointer data);
/** dfkd_device_set_watch: for programs made from here on; @watch: (nullable) */
void dfkd_device_set_watch (DfkdDevice *device, DfkdDeviceWatch watch, gpointer data);
/** dfkd_device_describe_trials: what a watch was told, for people: which shape out of @all is being tried. Returns: (transfer full) */
char *dfkd_device_describe_trials (guint done, guint all);

enum
{
  DFKD_LANES = 2,
  DFKD_MAX_LANES = 16,
};

/** dfkd_program_new: plans @graph for @device and prepares it. The graph may be freed afterwards. */
DfkdProgram *dfkd_program_new (DfkdDevice *device, const DfkdGraph *graph, GError **error);
/** dfkd_program_new_lanes: the same with room for @lanes runs (1 … DFKD_MAX_LANES) instead of DFKD_LANES: so many may be under
 * way, and of so many the results can be read. A lane costs memory for parameters and results, not for the work. */
DfkdProgram *dfkd_program_new_lanes (DfkdDevice *device, const DfkdGraph *graph, guint lanes, GError **error);
void dfkd_program_free (DfkdProgram *program);
const DfkdPlan *dfkd_program_get_plan (DfkdProgram *program);

/** dfkd_program_dial: index of the dial @name, or −1 if the plan has none (it then needs no setting). */
gint dfkd_program_dial (DfkdProgram *program, const char *name);
/** dfkd_program_set: sets a float dial for the runs to come. Unknown names are ignored. */
void dfkd_program_set (DfkdProgram *program, const char *name, float value);
/** dfkd_program_set_counter: sets a counter: seed, step and offset of the runs to come. */
void dfkd_program_set_counter (DfkdProgram *program, const char *name, guint64 seed, guint32 step, guint32 offset);

/** dfkd_program_run: starts one run with the dials as they stand now; returns without waiting for it where
 * the device can. As many runs as the program has lanes are under way; one more waits for the first. */
gboolean dfkd_program_run (DfkdProgram *program, GError **error);

/**
 * dfkd_device_begin_batch: from here to dfkd_device_end_batch() runs are only collected, each with the dials of its
 * time, and then handed to the device together, in order. Whatever has to wait for a run before that (a wait, a
 * block read or written, a run of a program whose lanes are all taken) hands over what there is so far. A device
 * that does not wait to be handed work runs at once. Batches do not nest.
 *
 *   dfkd_device_begin_batch (device);
 *   for (guint i = 0; i < k; i++)
 *     dfkd_program_run (program, &error);
 *   dfkd_device_end_batch (device, &error);
 *   dfkd_program_wait (program, &error);
 *   first = dfkd_program_read_run (program, "loss", k - 1, NULL);
 */
void dfkd_device_begin_batch (DfkdDevice *device);
/** dfkd_device_has_batches: whether anything is gained by it. */
gboolean dfkd_device_has_batches (DfkdDevice *device);
gboolean dfkd_device_end_batch (DfkdDevice *device, GError **error);

/** dfkd_program_wait: waits until the last run of @program is done. */
gboolean dfkd_program_wait (DfkdProgram *program, GError **error);

/**
 * dfkd_program_read:
 * @name: the name given to dfkd_read()
 *
 * Returns: the value of the last *finished* run (after dfkd_program_wait(): the last run) in storage order,
 *   valid until as many runs more are started as the program has lanes; NULL when the plan reads nothing of that name.
 */
gconstpointer dfkd_program_read (DfkdProgram *program, const char *name, const DfkdShape **shape);

/** dfkd_program_read_run: the same for the run @age runs before the last *finished* one (0: that itself); NULL also when there
 * was no such run, or its lane has been taken again. */
gconstpointer dfkd_program_read_run (DfkdProgram *program, const char *name, guint age, const DfkdShape **shape);

/**
 * dfkd_program_seconds:
 *
 * Returns: (array): seconds of the last finished run in each region of the plan, by device timestamps where
 *   the device has them; their sum is the run's device time.
 */
const double *dfkd_program_seconds (DfkdProgram *program);

/** dfkd_program_seconds_run: the same for an earlier run, as dfkd_program_read_run(); FALSE when there is none.
 * @seconds: (out) (array): one for each region */
gboolean dfkd_program_seconds_run (DfkdProgram *program, guint age, double *seconds);

/**
 * dfkd_program_profile: one run, waited for, with the time of every step of the plan by itself. Slower than
 * dfkd_program_run(), since steps may not overlap; for finding out what is expensive. What it does to variables
 * stays; what it reads back need not.
 * @seconds: (out) (array): one for each step of dfkd_program_get_plan()
 */
gboolean dfkd_program_profile (DfkdProgram *program, double *seconds, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdDevice, dfkd_device_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdProgram, dfkd_program_free)

G_END_DECLS
