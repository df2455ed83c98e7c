/* device-private.h: what a backend implements; only cpu/ and vulkan/ and device.c may see it. */
#pragma once

#include "device.h"

G_BEGIN_DECLS

/** DfkdDeviceClass: the contract. Every function is required unless it says otherwise. */
typedef struct {
  DfkdPlanner planner; /* how plans are made for it; data will be the device */
  /* optional, default: float32 alone */
  gboolean (*has_precision) (DfkdDevice *device, DfkdPrecision precision);
  gboolean (*allocate) (DfkdDevice *device, DfkdBlock *block, GError **error); /* sets storage, free_storage */
  gboolean (*write) (DfkdDevice *device, DfkdBlock *block, gsize offset, const void *data, gsize bytes,
                     GError **error);
  gboolean (*read) (DfkdDevice *device, DfkdBlock *block, gsize offset, void *data, gsize bytes, GError **error);
  /* takes ownership of program->plan having been set; fills program->backend */
  gboolean (*prepare) (DfkdDevice *device, DfkdProgram *program, GError **error);
  void (*release) (DfkdProgram *program);
  /* starts a run: copies program->dials (plan->dial_bytes bytes) into the lane it will use */
  gboolean (*run) (DfkdProgram *program, GError **error); /* counts submissions */
  /* waits for the last run; then program->results and program->seconds are those of that run */
  gboolean (*wait) (DfkdProgram *program, GError **error);
  /* the read-back area of the run @age runs before the last that was waited for, and its @seconds by region (may be
   * NULL); NULL if there is none (any more) */
  gconstpointer (*results) (DfkdProgram *program, guint age, double *seconds);
  /* optional, default nothing: runs in between are handed over together */
  void (*begin_batch) (DfkdDevice *device);
  gboolean (*end_batch) (DfkdDevice *device, GError **error);
  /* optional, default DFKD_ERROR_DEVICE: a whole run with the seconds of each step of the plan */
  gboolean (*profile) (DfkdProgram *program, double *seconds, GError **error);
  void (*close) (DfkdDevice *device); /* frees the device struct's backend part; blocks may not outlive it */
} DfkdDeviceClass;

struct _DfkdDevice
{
  const DfkdDeviceClass *klass;
  DfkdDeviceDescription description;
  DfkdDeviceCounters counters;
  DfkdPrecision precision; /* of programs that are made now */
  DfkdDeviceWatch watch;   /* NULL: nobody watches */
  gpointer watch_data;
  gpointer backend;
};

struct _DfkdProgram
{
  DfkdDevice *device;
  DfkdPlan *plan;
  DfkdPrecision precision;
  guint n_lanes;         /* runs that may be under way, and whose results stay */
  guint8 *dials;         /* host copy of the parameter block, plan->dial_bytes */
  gconstpointer results; /* read-back area of the last finished run, plan->read_bytes */
  double *seconds;       /* by region, of the last finished run */
  gpointer backend;
};

/* Each backend lists what it could open and opens one of them. */
void dfkd_cpu_list (GPtrArray *descriptions, guint threads);
DfkdDevice *dfkd_cpu_open (guint threads, GError **error);
void dfkd_vulkan_list (GPtrArray *descriptions); /* adds nothing when there is no Vulkan driver */
/* @index: position in the list, or −1 for the first real GPU that opens (discrete before integrated before virtual),
 * else the first software driver; why a better one did not is told in a message. @real_only: fail rather than open a software
 * driver; then that is told of the last one, too. */
DfkdDevice *dfkd_vulkan_open (gint index, gboolean real_only, GError **error);

G_END_DECLS
