/* measure.h: what the parts of the GPU bundle's measuring program share: settings, what was found on the machine, the checks,
 * and the seconds of both sides. It starts dfkd and its tests as programs of their own and links none of the engine. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  SIDE_DFKD,
  SIDE_PLAIN, /* dfkd without Winograd's algorithm: on a GPU in float32, where it is used by itself */
  SIDE_EAGER, /* this and what follows: PyTorch */
  SIDE_COMPILED,
  SIDE_GRAPHS, /* compiled, replayed as CUDA graphs */
  N_SIDES
} Side;

typedef enum {
  KIND_INNER,
  KIND_STUDENT,
  N_KINDS
} Kind;

/** Workload: as fast_steps.py names it. The goals are of an inner step: PyTorch's time over dfkd's. */
typedef struct {
  const char *name, *teacher, *student;
  double eager_goal, compiled_goal;
} Workload;

typedef struct {
  char *bundle, *results, *python, *device, *peer_device, *precision, *workloads;
  int batch, ngf, size, rounds, repeats, at_once;
  gboolean smoke, alone; /* alone: without PyTorch */
} Settings;

/** Machine: all strings are printed as they are; @torch is NULL without a peer, and @no_peer says why. */
typedef struct {
  char *version, *processor, *c_library;
  char *id, *name, *kind, *driver; /* of dfkd's device */
  char *python, *torch, *cuda, *cudnn, *peer_name, *capability, *no_peer;
  gboolean has_side[N_SIDES];
} Machine;

typedef struct {
  char *name, *detail, *why_skipped; /* of the first that failed or was skipped, or NULL */
  guint passed, failed, skipped;
} Check;

/** Figure: seconds of one step; a median for each round, and the least and most of all. */
typedef struct {
  GArray *medians;
  double least, most;
} Figure;

typedef struct {
  const Workload *workload;
  Figure figure[N_SIDES][N_KINDS];
  char *failure[N_SIDES]; /* why a side has no figures, or too few */
} Comparison;

typedef struct {
  Settings settings;
  Machine machine;
  GDateTime *started;
  GPtrArray *checks, *comparisons;
} Report;

const char *side_name (Side side);  /* "PyTorch eager" */
const char *side_key (Side side);   /* "eager": in JSON, and as gpu_peer.py calls it */
const char *kind_name (Kind kind);  /* "inner" */

void figure_add (Figure *figure, const double *seconds, guint count);
void figure_add_round (Figure *figure, double median, double least, double most);
double figure_median (const Figure *figure); /* NaN without rounds */

/** start_program: the command line of a program of the bundle, for g_ptr_array_add() and a last NULL. */
GPtrArray *start_program (const Settings *settings, const char *name);
/** run_program: to its end. @output, @errors: (out) (nullable). Returns: its exit code, −1 with @error if it could not be started
 * or ended by a signal */
int run_program (GPtrArray *command, char **output, char **errors, GError **error);
/** last_line: of what a program complained of, or what its exit code says. Returns: (transfer full) */
char *last_line (const char *text, int code);

/* machine.c */
gboolean find_devices (const Settings *settings, Machine *machine, GError **error);
void find_peer (const Settings *settings, Machine *machine);

/* checks.c: adds to @report->checks; FALSE if one failed */
gboolean run_checks (Report *report);

/* sides.c: both sides in turns, @report->comparisons; FALSE if dfkd failed */
gboolean compare_sides (Report *report);

/* report.c */
gboolean write_report (const Report *report, GError **error);
/** is_judged: whether the goals apply: full sizes on a real GPU, with PyTorch on CUDA; else @why says what is missing */
gboolean is_judged (const Report *report, const char **why);

G_END_DECLS
