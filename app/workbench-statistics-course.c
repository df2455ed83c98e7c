/* workbench-statistics-course.c: a series for each batch norm, filled from pictures. */
#include "workbench-statistics-course.h"

#include "workbench-batch-statistics.h"

enum {
  MOST_POINTS = 100001, /* of a layer; an odd number: first and newest stay when every second one goes */
};

struct _WorkbenchStatisticsCourse
{
  GPtrArray *series; /* of WorkbenchSeries, by layer */
  guint64 step;      /* of the last pictures */
  guint64 came;      /* pictures */
  guint64 stride;    /* of how many one makes a point */
  guint points;      /* so far */
};

/* Another series, as whoever draws it may have begun to go through its points. */
static WorkbenchSeries *
thin (WorkbenchSeries *series)
{
  WorkbenchSeries *thinned = workbench_series_new (workbench_series_get_title (series));

  for (guint i = 0; i < workbench_series_get_length (series); i += 2)
    workbench_series_append_step (thinned, workbench_series_get_x (series, WORKBENCH_CLOCK_STEP, i), workbench_series_get_y (series, i));
  return thinned;
}

static void
thin_all (WorkbenchStatisticsCourse *course)
{
  for (guint i = 0; i < course->series->len; i++)
    {
      WorkbenchSeries *series = g_ptr_array_index (course->series, i);

      course->series->pdata[i] = thin (series);
      g_object_unref (series);
    }
  course->points = (course->points + 1) / 2;
  course->stride *= 2;
}

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
  if (course->came++ % course->stride != 0)
    return;
  for (guint i = 0; i < workbench_batch_statistics_count (statistics); i++)
    {
      const DfkdLayerDistance *distance = &statistics->distance->layers[i];

      if (i == course->series->len)
        g_ptr_array_add (course->series, workbench_series_new (workbench_batch_statistics_norm (statistics, i)->name));
      /* pictures count the steps that are done, series begin with 0 */
      workbench_series_append_step (g_ptr_array_index (course->series, i), (double) (pictures->step - 1),
                                    distance->mean_distance + distance->variance_distance);
    }
  if (++course->points == MOST_POINTS)
    thin_all (course);
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
  course->stride = 1;
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
