/* test-embedded-teachers.c: the teachers that come with the program know what their files say they know. */
#include "embedded-teacher.h"

#include "evaluation.h"
#include "shapes32.h"

#include <math.h>

enum {
  PICTURES = 1000,
};

/* percent of the first PICTURES of its own test data */
static double
measure (DfkdDevice *device, const DfkdModel *teacher, DfkdDataset *data)
{
  g_autoptr (GError) error = NULL;
  DfkdBlock *parameters = teacher->network->parameters, *state = teacher->network->state;
  DfkdEvaluation *evaluation;
  double accuracy;

  data->count = MIN (data->count, PICTURES);
  g_assert_true (dfkd_device_allocate (device, parameters, &error));
  g_assert_true (dfkd_device_allocate (device, state, &error));
  g_assert_true (dfkd_model_upload (teacher, device, parameters, state, &error));
  evaluation = dfkd_evaluation_new (device, teacher->network, parameters, state, data, teacher->mean, teacher->std, &error);
  g_assert_no_error (error);
  g_assert_true (dfkd_evaluation_run (evaluation, &accuracy, &error));
  dfkd_evaluation_free (evaluation);
  return accuracy;
}

static void
test_shapes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open ("cpu", 0, &error); /* first, so that it is freed after what lives on it */
  g_autoptr (DfkdModel) teacher = dfkd_teacher_load ("shapes32", &error);
  g_autoptr (DfkdDataset) data = NULL;
  double accuracy;

  g_assert_no_error (error);
  g_assert_cmpuint (teacher->network->options.channels, ==, 3);
  data = dfkd_teacher_open_data ("", "shapes32", teacher, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (data->count, ==, DFKD_SHAPES32_TEST);
  accuracy = measure (device, teacher, data);
  g_test_message ("%.2f %%; %.2f %% stated", accuracy, teacher->accuracy);
  g_assert_cmpfloat_with_epsilon (accuracy, teacher->accuracy, 1.0);
  g_assert_cmpfloat (teacher->accuracy, >=, 90.0);
  g_assert_cmpfloat (teacher->accuracy, <=, 97.0);
}

/* where images are no whole number of batches, each is asked about all the same */
static void
test_rest (void)
{
  enum { REST = 10 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open ("cpu", 0, &error);
  g_autoptr (DfkdModel) teacher = dfkd_teacher_load ("shapes32", &error);
  g_autoptr (DfkdDataset) data = dfkd_shapes32_new (0, TRUE, 250 + REST, &error);
  DfkdBlock *parameters = teacher->network->parameters, *state = teacher->network->state;
  g_autoptr (DfkdEvaluation) all = NULL, rest = NULL;
  DfkdDataset last = *data;
  double accuracy, accuracy_of_rest;
  gsize hits = 0;

  g_assert_true (dfkd_device_allocate (device, parameters, &error) && dfkd_device_allocate (device, state, &error));
  g_assert_true (dfkd_model_upload (teacher, device, parameters, state, &error));
  last.count = REST;
  last.images += (data->count - REST) * data->channels * data->height * data->width;
  last.labels += data->count - REST;
  all = dfkd_evaluation_new (device, teacher->network, parameters, state, data, teacher->mean, teacher->std, &error);
  rest = dfkd_evaluation_new (device, teacher->network, parameters, state, &last, teacher->mean, teacher->std, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_evaluation_batch (all), ==, 250);
  g_assert_true (dfkd_evaluation_run (all, &accuracy, &error) && dfkd_evaluation_run (rest, &accuracy_of_rest, &error));
  g_assert_cmpmem (dfkd_evaluation_predictions (all) + data->count - REST, REST * sizeof (gint32), dfkd_evaluation_predictions (rest), REST * sizeof (gint32));
  g_assert_cmpfloat (accuracy_of_rest, >, 50.0);
  for (gsize i = 0; i < data->count; i++)
    hits += dfkd_evaluation_predictions (all)[i] == data->labels[i];
  g_assert_cmpfloat_with_epsilon (accuracy, 100.0 * (double) hits / (double) data->count, 1e-9);
}

static void
test_names (void)
{
  g_assert_cmpstr (dfkd_teacher_class_names ("")[9], ==, "ankle boot");
  g_assert_cmpstr (dfkd_teacher_class_names ("shapes32")[4], ==, "star");
  g_assert_null (dfkd_teacher_class_names ("/a/file.safetensors"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/embedded-teachers/shapes32", test_shapes);
  g_test_add_func ("/embedded-teachers/rest", test_rest);
  g_test_add_func ("/embedded-teachers/names", test_names);
  return g_test_run ();
}
