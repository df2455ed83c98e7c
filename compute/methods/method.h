/* method.h: a distillation method as a record: its name, what it asks for, its published settings, and the function that
 * builds its programs (synthesis.h). All methods stand in one table, method-table.c.
 *
 * What follows a synthesis is said here too, so that whoever runs methods needs to know none of them: where the student's
 * images come from and by which criterion it learns. See METHODS.md for how to add one. */
#pragma once

#include "adversarial.h"

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

/** DfkdTerm: what an inversion loss is a weighted sum of. A method has the terms that its settings name. */
typedef enum {
  DFKD_TERM_BN,
  DFKD_TERM_OH,
  DFKD_TERM_ADV,
  DFKD_TERM_ACT,
  DFKD_TERM_BALANCE,
  DFKD_TERM_CR,
  DFKD_TERM_TV,
  DFKD_TERM_L2,
  DFKD_N_TERMS
} DfkdTerm;

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
  /* how a synthesis goes, as equations in plain text, for who teaches; NULL: as algorithm 1 of FastDFKD. @loss: of a method
   * without terms; NULL: their weighted sum */
  const char *draws, *images, *loss, *step, *outer;
  gboolean has_generator, needs_batch_norm;
  gboolean shifts; /* in an inner step the networks see the images shifted by a few pixels and perhaps mirrored, at random */
  gboolean labels_follow;      /* no labels are drawn: those of the images are the teacher's own answers */
  DfkdAdversarial adversarial; /* of a method that has the term "adv" */
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

/** dfkd_term_name: "bn", "oh" … as the parameter that is its weight. */
const char *dfkd_term_name (DfkdTerm term);

/** dfkd_term_is_of_batch: TRUE for terms that are no mean over images, but take the batch as a whole: no image has a share. */
gboolean dfkd_term_is_of_batch (DfkdTerm term);

/** dfkd_method_has_term: FALSE also for an unknown method, NULL. */
gboolean dfkd_method_has_term (const DfkdMethod *method, DfkdTerm term);

/** dfkd_method_equation: (nullable): where a parameter's equation is the method's own, that one, in plain text. */
const char *dfkd_method_equation (const DfkdMethod *method, const char *parameter);

G_END_DECLS
