/* method.h: a distillation method as a record: its name, what it asks for, its published settings, and the function that
 * builds its programs (synthesis.h). All methods stand in one table, method-table.c.
 *
 * What follows a synthesis is said here too, so that whoever runs methods needs to know none of them: where the student's
 * images come from and by which criterion it learns. See METHODS.md for how to add one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdMethod DfkdMethod;
typedef struct _DfkdSynthesis DfkdSynthesis;

/** DfkdImages: what the student learns from. */
typedef enum {
  DFKD_IMAGES_POOL,      /* all images kept so far, augmented */
  DFKD_IMAGES_FRESH,     /* drawn in the student's step: DfkdSynthesis.draw */
  DFKD_IMAGES_ORIGINALS, /* the teacher's training data */
} DfkdImages;

/** DfkdCriterion: the student's loss. */
typedef enum {
  DFKD_CRITERION_KL, /* KL(f_t‖f_s; T)·T² */
  DFKD_CRITERION_L1, /* mean │f_t − f_s│ */
} DfkdCriterion;

/** DfkdMethodSetting: what the method's paper sets a parameter to (or, for its schedule, what fits the default recipe). */
typedef struct {
  const char *parameter; /* by its name in recipes */
  double value;          /* of a text 0, which sets nothing: the method has a use for it */
} DfkdMethodSetting;

struct _DfkdMethod
{
  const char *name;   /* in recipes: "fast" */
  const char *label;  /* a proper name, the same in every language: "FastDFKD" */
  const char *effect; /* what it does, one or two sentences; untranslated: pass through _() */
  const char *source; /* the paper: "Fang et al., AAAI 2022" */
  /* how a synthesis goes, as equations in plain text, for who teaches; NULL: as algorithm 1 of FastDFKD */
  const char *draws, *images, *step, *outer;
  gboolean has_generator, needs_batch_norm;
  DfkdImages learns_from;
  DfkdCriterion criterion;
  /* ended by a NULL name. A parameter that some method's settings name and this one's do not has no meaning for this one */
  const DfkdMethodSetting *settings;
  /** build: makes blocks and programs of @synthesis, whose common parts stand (synthesis.h) */
  gboolean (*build) (DfkdSynthesis *synthesis, GError **error);
};

/* method-table.c */
extern const DfkdMethod *const dfkd_method_table[]; /* NULL-terminated; the first is the default */
extern const char *const dfkd_method_names[];       /* likewise, for choices */

/** dfkd_method_find: NULL when there is none of that name. */
const DfkdMethod *dfkd_method_find (const char *name);

/** dfkd_method_setting: (nullable): the method's own value of a parameter. */
const DfkdMethodSetting *dfkd_method_setting (const DfkdMethod *method, const char *parameter);

/** dfkd_method_uses: FALSE when only other methods have a use for the parameter. */
gboolean dfkd_method_uses (const DfkdMethod *method, const char *parameter);

G_END_DECLS
