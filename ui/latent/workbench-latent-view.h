/* workbench-latent-view.h: the images of the pool as points: latents or features, projected to a map; a lasso selects. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_LATENT_VIEW (workbench_latent_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchLatentView, workbench_latent_view, WORKBENCH, LATENT_VIEW, GtkBox)

G_END_DECLS
