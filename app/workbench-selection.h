/* workbench-selection.h: which images of a run are selected, the same in every view of it, and which one is looked at. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_SELECTION (workbench_selection_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchSelection, workbench_selection, WORKBENCH, SELECTION, GObject)

/** WorkbenchImage: an image of a run: its synthesis (from 1) and its place in the batch (from 0); or a test image, and its place among
 * those that are looked at (workbench-test-images.h). */
typedef guint64 WorkbenchImage;

static inline WorkbenchImage
workbench_image (guint synthesis, guint index)
{
  return (guint64) synthesis << 32 | index;
}

static inline guint
workbench_image_synthesis (WorkbenchImage image)
{
  return (guint) (image >> 32);
}

static inline guint
workbench_image_index (WorkbenchImage image)
{
  return (guint) image;
}

enum {
  WORKBENCH_NO_IMAGE = 0, /* there is no synthesis 0 */
  WORKBENCH_TEST_SYNTHESIS = G_MAXINT, /* stands for the synthesis of test images, which none has made; no run comes so far */
};

static inline gboolean
workbench_image_is_test (WorkbenchImage image)
{
  return workbench_image_synthesis (image) == WORKBENCH_TEST_SYNTHESIS;
}

/* Signals: "changed" when other images are selected; "current" when another one is looked at. */
WorkbenchSelection *workbench_selection_new (void);

/** workbench_selection_set: exactly these; @images may hold one twice. */
void workbench_selection_set (WorkbenchSelection *self, const WorkbenchImage *images, gsize count);
/** workbench_selection_add: these as well */
void workbench_selection_add (WorkbenchSelection *self, const WorkbenchImage *images, gsize count);
void workbench_selection_toggle (WorkbenchSelection *self, WorkbenchImage image);
void workbench_selection_clear (WorkbenchSelection *self);
gboolean workbench_selection_contains (WorkbenchSelection *self, WorkbenchImage image);
guint workbench_selection_get_count (WorkbenchSelection *self);
/** workbench_selection_get_images: ascending, as they are now. Returns: (transfer full) (element-type WorkbenchImage): not to be changed, as others
 * may have it too */
GArray *workbench_selection_get_images (WorkbenchSelection *self);

/** workbench_selection_set_current: @image: or WORKBENCH_NO_IMAGE */
void workbench_selection_set_current (WorkbenchSelection *self, WorkbenchImage image);
WorkbenchImage workbench_selection_get_current (WorkbenchSelection *self);

G_END_DECLS
