/* workbench-gallery-view.h: the images as they form. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_GALLERY_VIEW (workbench_gallery_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchGalleryView, workbench_gallery_view, WORKBENCH, GALLERY_VIEW, GtkBox)

G_END_DECLS
