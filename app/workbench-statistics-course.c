/* workbench-statistics-course.c: a series for each batch norm, filled from pictures. */
#include "workbench-statistics-course.h"

#include "workbench-batch-statistics.h"

struct _WorkbenchStatisticsCourse
{
  GPtrArray *series; /* of WorkbenchSeries, by layer */
  guint64 step;      /* of the last pictures */
};

static void
add (WorkbenchStatisticsCourse *course, DfkdPictures *pictures)
{
  g_autoptr (WorkbenchBatchStatistics) statistics = NULL;

  if (pictures == NULL || pictures->step <= course->step)
    return;
  statistics = workbench_batch_statistics_new (pictures, WORKBENCH_STATISTICS_COMPARED);
  if (statistics == NULL || statistics->kind != WORKBENCH_STATISTICS_COMPARED)
    return;
  course->step = pictures->step;
  for (guint i = 0; i < workbench_batch_statistics_count (statistics); i++)
    {
      const DfkdLayerDistance *distance = &statistics->distance->layers[i];

      if (i == course->series->len)
        g_ptr_array_add (course->series, workbench_series_new (workbench_batch_statistics_norm (statistics, i)->name));
      /* pictures count the steps that are done, series begin with 0 */
      workbench_series_append_step (g_ptr_array_index (course->series, i), (double) (pictures->step - 1),
                                    distance->mean_distance + distance->variance_distance);
    }
}

static void
on_pictures (WorkbenchDocument *document, WorkbenchStatisticsCourse *course)
{
  add (course, workbench_document_get_pictures (document));
}

static void
course_free (gpointer data)
{
  WorkbenchStatisticsCourse *course = data;

  g_ptr_array_unref (course->series);
  g_free (course);
}

WorkbenchStatisticsCourse *
workbench_statistics_course_of (WorkbenchDocument *document)
{
  static const char key[] = "workbench-statistics-course";
  WorkbenchStatisticsCourse *course = g_object_get_data (G_OBJECT (document), key);

  if (course != NULL)
    return course;
  course = g_new0 (WorkbenchStatisticsCourse, 1);
  course->series = g_ptr_array_new_with_free_func (g_object_unref);
  g_object_set_data_full (G_OBJECT (document), key, course, course_free);
  g_signal_connect (document, "pictures", G_CALLBACK (on_pictures), course);
  on_pictures (document, course);
  return course;
}

WorkbenchSeries *
workbench_statistics_course_get (WorkbenchStatisticsCourse *course, guint layer)
{
  return layer < course->series->len ? g_ptr_array_index (course->series, layer) : NULL;
}
