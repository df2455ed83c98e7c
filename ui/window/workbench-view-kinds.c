/* workbench-view-kinds.c: the list of all views: a new one is a line here. */
#include "workbench-view-kinds.h"

#include "workbench-algorithm-view.h"
#include "workbench-curves-view.h"
#include "workbench-evaluation-view.h"
#include "workbench-gallery-view.h"
#include "workbench-latent-view.h"
#include "workbench-statistics-view.h"
#include "workbench-timing-view.h"

#include <glib/gi18n.h>

const WorkbenchViewKind workbench_view_kinds[] = {
  { "gallery", N_ ("Gallery"), N_ ("The images as they form; click one to see what is known of it"), workbench_gallery_view_get_type },
  { "latent", N_ ("Latent Space"), N_ ("Images as points: near ones are alike"), workbench_latent_view_get_type },
  { "curves", N_ ("Curves"), N_ ("Losses, agreement and accuracy over steps or time"), workbench_curves_view_get_type },
  { "timing", N_ ("Timing"), N_ ("What each step takes, by stage and kernel"), workbench_timing_view_get_type },
  { "statistics", N_ ("Statistics"), N_ ("What the teacher's batch norms see, and which drive the loss"), workbench_statistics_view_get_type },
  { "evaluation", N_ ("Evaluation"), N_ ("How well the student does, by class, and what it takes for what"), workbench_evaluation_view_get_type },
  { "algorithm", N_ ("Algorithm"), N_ ("Where the run is in algorithm 1, step by step"), workbench_algorithm_view_get_type },
};

const guint workbench_n_view_kinds = G_N_ELEMENTS (workbench_view_kinds);
