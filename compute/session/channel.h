/* channel.h: everything a trainer tells the outside, without ever waiting for a reader.
 *
 * Scalars are a queue (none is dropped), pictures a mailbox (the newest wins), events a queue, the status a
 * snapshot. A writer calls dfkd_channel_post_…(); a reader is woken once, however much came, and takes all. */
#pragma once

#include "recipe.h"
#include "pictures.h"

G_BEGIN_DECLS

typedef enum {
  DFKD_SERIES_LOSS,         /* inversion loss L, per inner step, and the terms of it that the method has */
  DFKD_SERIES_LOSS_BN,
  DFKD_SERIES_LOSS_OH,
  DFKD_SERIES_LOSS_ADV,
  DFKD_SERIES_LOSS_ACT,
  DFKD_SERIES_LOSS_BALANCE,
  DFKD_SERIES_LOSS_CR,
  DFKD_SERIES_LOSS_TV,
  DFKD_SERIES_LOSS_L2,
  DFKD_SERIES_LOSS_STUDENT, /* per student step */
  DFKD_SERIES_LR_STUDENT,
  DFKD_SERIES_ACCURACY,     /* percent on the test set, per evaluation */
  DFKD_SERIES_AGREEMENT,    /* percent of synthetic images on which student and teacher agree, per inner step */
  DFKD_SERIES_AGREEMENT_TEST, /* percent of the test set on which they do, per evaluation */
  DFKD_N_SERIES,
  DFKD_SERIES_LAST_TERM = DFKD_SERIES_LOSS_L2 /* the loss and its terms come first */
} DfkdSeries;

/** dfkd_series_name: "loss", "loss_bn" … as in events and JSON. */
const char *dfkd_series_name (DfkdSeries series);

/** dfkd_series_find: FALSE when there is none of that name. */
gboolean dfkd_series_find (const char *name, DfkdSeries *series);

/** dfkd_recipe_has_series: FALSE for the loss terms that the recipe's method does not have. */
gboolean dfkd_recipe_has_series (const DfkdRecipe *recipe, DfkdSeries series);

/** DfkdClocks: the four honest clocks, in seconds (device timestamps where there are any) and their sum. */
typedef struct {
  double generate, distil, evaluate, show, total;
} DfkdClocks;

typedef struct {
  DfkdSeries series;
  guint64 step; /* global: inner steps for losses of the synthesis, student steps for the student's */
  DfkdClocks clocks; /* when it was measured */
  double value;
} DfkdScalar;

typedef enum {
  DFKD_STATE_PREPARING,
  DFKD_STATE_PAUSED,
  DFKD_STATE_RUNNING,
  DFKD_STATE_FINISHED,
  DFKD_STATE_FAILED,
} DfkdState;

typedef enum {
  DFKD_STAGE_GENERATE, /* inner steps */
  DFKD_STAGE_BEGIN,    /* what is drawn for a synthesis; older logs count it as OUTER */
  DFKD_STAGE_OUTER,
  DFKD_STAGE_DISTIL,   /* student steps */
  DFKD_STAGE_EVALUATE,
  DFKD_STAGE_SHOW,     /* transfer of what is looked at */
  DFKD_N_STAGES
} DfkdStage;

/** dfkd_stage_name: "generate", "outer" … as in the log. */
const char *dfkd_stage_name (DfkdStage stage);

enum {
  DFKD_MAX_REGIONS = 16,
};

/** DfkdTiming: the last step of a kind by region ("generator", "teacher", "backward" …). */
typedef struct {
  guint n_regions;
  const char *region[DFKD_MAX_REGIONS]; /* static strings */
  double seconds[DFKD_MAX_REGIONS];
  gboolean by_device; /* by timestamps of the device; FALSE: by the host's clock */
} DfkdTiming;

/** DfkdStepTime: one step of a kind: device time by region where the device has a clock. */
typedef struct {
  DfkdStage stage;
  guint64 step; /* of the run: student steps for DISTIL, inner steps for the others */
  DfkdClocks clocks; /* when it was done */
  DfkdTiming timing;
} DfkdStepTime;

typedef struct {
  DfkdState state;
  DfkdStage stage;
  guint synthesis, syntheses; /* which, of how many */
  gboolean between;           /* the next step begins a synthesis: it draws latents and labels */
  guint inner, k;
  guint student_step, kd_steps;
  guint64 images;       /* in the pool */
  guint tried, to_try;  /* while preparing: shapes that the device tried its kernels for, of those it had not met before */
  double progress;      /* 0 … 1 */
  double seconds_left;  /* estimate; negative when unknown */
  DfkdClocks clocks;
  double accuracy, best_accuracy, teacher_accuracy; /* percent on the test set; NaN when unknown */
  double chosen_accuracy; /* of the student that was chosen without data: see DfkdTrainerCounters */
  guint chosen_synthesis; /* when; 0: not yet */
  DfkdTiming timing[DFKD_N_STAGES];
} DfkdStatus;

/** DfkdAssessment: what a test set says of a student: counts, immutable, shared by reference. */
typedef struct {
  gatomicrefcount references;
  guint synthesis;
  gsize classes, count; /* count: images */
  guint32 *confusion;   /* classes × classes: [label][the student's answer] */
  guint32 *agreement;   /* classes × classes: [the teacher's answer][the student's] */
} DfkdAssessment;

DfkdAssessment *dfkd_assessment_new (gsize classes);
DfkdAssessment *dfkd_assessment_ref (DfkdAssessment *assessment);
void dfkd_assessment_unref (DfkdAssessment *assessment);

typedef enum {
  DFKD_EVENT_STARTED,
  DFKD_EVENT_PARAMETER,  /* parameter, old and new value */
  DFKD_EVENT_SYNTHESIS,  /* one is done, and its pictures are in the run folder if the history keeps them */
  DFKD_EVENT_EVALUATION, /* accuracy */
  DFKD_EVENT_SNAPSHOT,   /* message: its path */
  DFKD_EVENT_PAUSED,     /* message: why, "" on request */
  DFKD_EVENT_EXPORTED,   /* message: the path of the student that was asked for */
  DFKD_EVENT_NOTICE,     /* message: something went otherwise than wanted, the run goes on */
  DFKD_EVENT_FINISHED,
  DFKD_EVENT_FAILED,     /* message: for people, translated */
  DFKD_N_EVENT_KINDS
} DfkdEventKind;

typedef struct {
  DfkdEventKind kind;
  guint64 inner_step, student_step;
  guint synthesis;
  DfkdClocks clocks;
  DfkdParameterId parameter;
  double old_value, new_value; /* EVALUATION: new_value is the accuracy in percent */
  double teacher_accuracy;     /* EVALUATION: in percent; NaN in logs that do not say */
  double chosen_accuracy;      /* EVALUATION: of the student that is chosen without data by now, in percent; NaN: none is, or as before */
  guint chosen_synthesis;      /* EVALUATION: after how many; 0: likewise */
  DfkdAssessment *assessment;  /* EVALUATION */
  char *device;                /* STARTED: what it computes on; NULL in logs that do not say */
  char *message;
} DfkdEvent;

/** dfkd_event_copy: with texts of its own; the assessment is shared */
DfkdEvent *dfkd_event_copy (const DfkdEvent *event);
/** dfkd_event_kind_name: "started", "parameter" … as in the log. */
const char *dfkd_event_kind_name (DfkdEventKind kind);
void dfkd_event_free (DfkdEvent *event);

typedef struct _DfkdChannel DfkdChannel;

DfkdChannel *dfkd_channel_new (void);
DfkdChannel *dfkd_channel_ref (DfkdChannel *channel);
void dfkd_channel_unref (DfkdChannel *channel);

/** dfkd_channel_set_wake: @wake is called, from any thread and without a lock held, when something new came
 * and the reader has taken what came before; it must return at once (g_idle_add, write to an eventfd …). */
void dfkd_channel_set_wake (DfkdChannel *channel, void (*wake) (gpointer data), gpointer data);

/** DfkdTap: sees every scalar, event and time on the writer's thread, before any reader; any of the three may be NULL. */
typedef struct {
  void (*scalar) (const DfkdScalar *scalar, gpointer data);
  void (*event) (const DfkdEvent *event, gpointer data);
  void (*time) (const DfkdStepTime *time, gpointer data);
} DfkdTap;

/* the writer's side */
/** dfkd_channel_set_tap: for a recorder; set before the writer starts. @tap: (nullable): static */
void dfkd_channel_set_tap (DfkdChannel *channel, const DfkdTap *tap, gpointer data);
void dfkd_channel_post_scalar (DfkdChannel *channel, const DfkdScalar *scalar);
void dfkd_channel_post_event (DfkdChannel *channel, DfkdEvent *event); /* takes ownership */
void dfkd_channel_post_pictures (DfkdChannel *channel, DfkdPictures *pictures); /* takes ownership */
void dfkd_channel_post_status (DfkdChannel *channel, const DfkdStatus *status);
/** dfkd_channel_post_time: kept only for a reader that wants pictures, and then the newest 65,536 of them */
void dfkd_channel_post_time (DfkdChannel *channel, const DfkdStepTime *time);
/** dfkd_channel_post_rooflines: takes ownership; of DfkdRoofline, one for each kind of step */
void dfkd_channel_post_rooflines (DfkdChannel *channel, GPtrArray *rooflines);
/** dfkd_channel_wants_pictures: TRUE when a reader asked and the last ones will be at least the interval old @seconds from now. */
gboolean dfkd_channel_wants_pictures (DfkdChannel *channel, double seconds);
/** dfkd_channel_has_viewer: TRUE when a reader asked for pictures, however old the last ones are. */
gboolean dfkd_channel_has_viewer (DfkdChannel *channel);

/* the reader's side */
/** dfkd_channel_set_picture_interval: seconds between pictures; negative (the default): none. */
void dfkd_channel_set_picture_interval (DfkdChannel *channel, double seconds);
/** dfkd_channel_take_scalars: all that came since the last call. Returns: (transfer full) of DfkdScalar */
GArray *dfkd_channel_take_scalars (DfkdChannel *channel);
/** dfkd_channel_take_times: likewise. Returns: (transfer full) of DfkdStepTime */
GArray *dfkd_channel_take_times (DfkdChannel *channel);
/** dfkd_channel_take_event: the oldest, or NULL. Returns: (transfer full) */
DfkdEvent *dfkd_channel_take_event (DfkdChannel *channel);
/** dfkd_channel_take_pictures: the newest not taken yet, or NULL. Returns: (transfer full) */
DfkdPictures *dfkd_channel_take_pictures (DfkdChannel *channel);
/** dfkd_channel_take_rooflines: the newest not taken yet, or NULL. Returns: (transfer full) (element-type DfkdRoofline) */
GPtrArray *dfkd_channel_take_rooflines (DfkdChannel *channel);
void dfkd_channel_get_status (DfkdChannel *channel, DfkdStatus *status);
/** dfkd_channel_wait: blocks until something new came or @seconds passed; for readers without a main loop. */
void dfkd_channel_wait (DfkdChannel *channel, double seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdChannel, dfkd_channel_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdAssessment, dfkd_assessment_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdEvent, dfkd_event_free)

G_END_DECLS
