/* parameters.h: the one table of everything a recipe can set.
 *
 * Recipes, command-line options, sliders, checks, documentation and translations all read this table; a new
 * parameter is one row. It knows no session, device or network. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  DFKD_PARAMETER_TEACHER, /* text: a model file; "" is the embedded teacher */
  DFKD_PARAMETER_TEACHER_MEAN, /* text: numbers, one a channel or one for all; "" is what the model file says, else 0 */
  DFKD_PARAMETER_TEACHER_STD,  /* likewise, else 1 */
  DFKD_PARAMETER_LABEL_EMBEDDINGS, /* text: a file of one vector a class; "" draws them */
  DFKD_PARAMETER_TEACHER_CLASSES, /* text: names, one a class; "" is what the model file or the test data says */
  DFKD_PARAMETER_STUDENT, /* text: a network's name */
  DFKD_PARAMETER_METHOD,  /* choice: dfkd_method_names; setting it sets what the method's paper sets (recipe.h) */
  DFKD_PARAMETER_DATA,    /* text: folder of test data; "" is the default place; "none" goes without */
  DFKD_PARAMETER_SEED,
  DFKD_PARAMETER_PRECISION, /* choice, by DfkdPrecision: float32, bfloat16, float16 */
  DFKD_PARAMETER_BATCH,
  DFKD_PARAMETER_STUDENT_BATCH,
  DFKD_PARAMETER_NZ,
  DFKD_PARAMETER_NGF,
  DFKD_PARAMETER_GENERATOR,     /* choice: names of networks: generator, generator_dcgan */
  DFKD_PARAMETER_REUSE,         /* choice: common, sequential, none */
  DFKD_PARAMETER_META_GRADIENT, /* choice: fomaml, fomaml-last, reptile, maml */
  DFKD_PARAMETER_AS_RELEASED,   /* choice: no, yes */
  DFKD_PARAMETER_BANK,
  DFKD_PARAMETER_NEGATIVES,
  DFKD_PARAMETER_HEAD,
  DFKD_PARAMETER_SYNTHESES,
  DFKD_PARAMETER_POOL_MEMORY, /* MiB; a pool that needs more is on disk */
  DFKD_PARAMETER_WARMUP,
  DFKD_PARAMETER_K,
  DFKD_PARAMETER_GENERATORS,
  DFKD_PARAMETER_RESET_AFTER, /* syntheses behind the warm-up; 0: never */
  DFKD_PARAMETER_LIFE, /* syntheses */
  DFKD_PARAMETER_KD_STEPS,
  DFKD_PARAMETER_EVALUATE_EVERY, /* syntheses between evaluations; 0: only at the end */
  DFKD_PARAMETER_SNAPSHOT_EVERY, /* syntheses between snapshots; 0: only at the end */
  DFKD_PARAMETER_BRANCH_POINTS, /* that a run folder keeps; 0: none */
  DFKD_PARAMETER_HISTORY, /* MiB of pictures that a run folder keeps; 0: none */
  DFKD_PARAMETER_BN,
  DFKD_PARAMETER_OH,
  DFKD_PARAMETER_ADV,
  DFKD_PARAMETER_ACT,
  DFKD_PARAMETER_BALANCE,
  DFKD_PARAMETER_CR,
  DFKD_PARAMETER_CR_TEMPERATURE,
  DFKD_PARAMETER_TV,
  DFKD_PARAMETER_L2,
  DFKD_PARAMETER_STUDENT_BN,
  DFKD_PARAMETER_LR_G,
  DFKD_PARAMETER_LR_Z,
  DFKD_PARAMETER_BN_MOMENTUM,
  DFKD_PARAMETER_TEMPERATURE,
  DFKD_PARAMETER_LR,
  DFKD_PARAMETER_LR_MINIMUM,
  DFKD_PARAMETER_MOMENTUM,
  DFKD_PARAMETER_WEIGHT_DECAY,
  DFKD_N_PARAMETERS
} DfkdParameterId;

typedef enum {
  DFKD_PARAMETER_FLOAT,
  DFKD_PARAMETER_INTEGER,
  DFKD_PARAMETER_CHOICE, /* its value is an index into choices */
  DFKD_PARAMETER_TEXT,
} DfkdParameterType;

/** DfkdParameterClass: when a change takes effect. */
typedef enum {
  DFKD_PARAMETER_LIVE,  /* at the next step */
  DFKD_PARAMETER_COUNT, /* at the next step; changes how often programs run */
  DFKD_PARAMETER_BUILD, /* only in a new session */
} DfkdParameterClass;

typedef struct {
  const char *name;   /* in recipes, and with - for _ the command-line option */
  const char *symbol; /* as in METHOD: "k", "η_g", "T" */
  const char *label;  /* short, untranslated: pass through _() */
  const char *effect; /* one or two sentences: what turning it does; untranslated */
  const char *equation; /* plain text, "" if none */
  const char *unit;     /* "" if none */
  const char *group;    /* "Synthesis", "Losses", "Student", "Run" … untranslated */
  DfkdParameterType type;
  DfkdParameterClass klass;
  gboolean logarithmic; /* a sensible slider scale */
  double minimum, maximum, fallback; /* CHOICE: the first two are unused */
  const char *text;           /* TEXT: the default */
  const char *const *choices; /* CHOICE: names, NULL-terminated */
  const char *empty;          /* (nullable): TEXT: what "" stands for, in a word or two; untranslated */
  gboolean numbers;           /* TEXT: of numbers with commas between them, positive ones where minimum is */
} DfkdParameter;

const DfkdParameter *dfkd_parameter (DfkdParameterId id);

/** dfkd_parameter_find: by name, - and _ alike; FALSE when there is none. */
gboolean dfkd_parameter_find (const char *name, DfkdParameterId *id);

/** dfkd_parameter_check: DFKD_ERROR_ARGUMENT naming the parameter, its range and the value given. */
gboolean dfkd_parameter_check (DfkdParameterId id, double value, GError **error);
/** dfkd_parameter_check_text: likewise for TEXT. */
gboolean dfkd_parameter_check_text (DfkdParameterId id, const char *text, GError **error);

G_END_DECLS
