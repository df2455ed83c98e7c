/* workbench-test-images.h: some test images of a run as its teacher sees them, to be looked at beside synthesised ones.
 *
 * They are read once somebody asks for them (workbench-job.h), and then stay with the document.
 *
 * Signal: "loaded" when they are there, or it is known why not. */
#pragma once

#include "workbench-batch-facts.h"
#include "workbench-document.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_TEST_IMAGES (workbench_test_images_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchTestImages, workbench_test_images, WORKBENCH, TEST_IMAGES, GObject)

/** workbench_test_images_of: those of @document, the same for all who ask; reading begins with the first. Returns: (transfer none) */
WorkbenchTestImages *workbench_test_images_of (WorkbenchDocument *document);
/** workbench_test_images_get_pictures: (nullable) (transfer none): labels, the teacher's logits and features; their synthesis is
 * WORKBENCH_TEST_SYNTHESIS. NULL until "loaded", and when there are none */
DfkdPictures *workbench_test_images_get_pictures (WorkbenchTestImages *self);
/** workbench_test_images_get_reason: (nullable): why there are none, for people: they are still being read, or cannot be; NULL: there are */
const char *workbench_test_images_get_reason (WorkbenchTestImages *self);
/** workbench_test_images_no_match: what is said where their features are not of the kind that a run has kept */
const char *workbench_test_images_no_match (void);

/** workbench_test_images_find_pictures: (nullable) (transfer none): of @document (nullable), if somebody has asked for them and they are there */
DfkdPictures *workbench_test_images_find_pictures (WorkbenchDocument *document);
/** workbench_test_images_find_facts: (nullable) (transfer none): likewise what is known of each */
const WorkbenchBatchFacts *workbench_test_images_find_facts (WorkbenchDocument *document);

G_END_DECLS
