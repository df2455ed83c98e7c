/* workbench-map-camera.c: where points of the map are on the widget. */
#include "workbench-map-private.h"

#include <math.h>
#include <string.h>

enum {
  MARGIN = 24, /* pixels around all points */
};

void
workbench_camera_set_upright (WorkbenchCamera *camera)
{
  static const double identity[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };

  memcpy (camera->rotation, identity, sizeof identity);
}

void
workbench_camera_put (const WorkbenchCamera *c, const float *place, double width, double height, double *x, double *y)
{
  double v[3];

  for (guint i = 0; i < 3; i++)
    v[i] = (double) place[i] - c->centre[i];
  *x = 0.5 * width + c->scale * (c->rotation[0] * v[0] + c->rotation[1] * v[1] + c->rotation[2] * v[2]);
  *y = 0.5 * height - c->scale * (c->rotation[3] * v[0] + c->rotation[4] * v[1] + c->rotation[5] * v[2]);
}

void
workbench_camera_show_all (WorkbenchCamera *camera, const WorkbenchMapPoint *points, gsize count, guint dimensions, double width, double height)
{
  double low[3] = { INFINITY, INFINITY, INFINITY }, high[3] = { -INFINITY, -INFINITY, -INFINITY }, wide, tall;

  if (count == 0 || width < 2 * MARGIN || height < 2 * MARGIN)
    return;
  for (gsize i = 0; i < count; i++)
    for (guint d = 0; d < 3; d++)
      {
        low[d] = MIN (low[d], (double) points[i].place[d]);
        high[d] = MAX (high[d], (double) points[i].place[d]);
      }
  for (guint d = 0; d < 3; d++)
    camera->centre[d] = 0.5 * (low[d] + high[d]);
  wide = high[0] - low[0];
  tall = high[1] - low[1];
  if (dimensions == 3) /* as large as any turn may need */
    wide = tall = sqrt (wide * wide + tall * tall + (high[2] - low[2]) * (high[2] - low[2]));
  camera->scale = MIN ((width - 2.0 * MARGIN) / MAX (wide, 1e-12), (height - 2.0 * MARGIN) / MAX (tall, 1e-12));
}

void
workbench_camera_zoom (WorkbenchCamera *c, double factor, double right, double up)
{
  double by = (1.0 - 1.0 / factor) / c->scale;

  for (guint d = 0; d < 3; d++)
    c->centre[d] += by * (c->rotation[d] * right + c->rotation[3 + d] * up);
  c->scale *= factor;
}

void
workbench_camera_pan (WorkbenchCamera *c, double right, double up)
{
  for (guint d = 0; d < 3; d++)
    c->centre[d] -= (c->rotation[d] * right + c->rotation[3 + d] * up) / c->scale;
}

void
workbench_camera_orbit (WorkbenchCamera *camera, double a, double b)
{
  const double about_y[9] = { cos (a), 0, sin (a), 0, 1, 0, -sin (a), 0, cos (a) };
  const double about_x[9] = { 1, 0, 0, 0, cos (b), -sin (b), 0, sin (b), cos (b) };
  const double *steps[2] = { about_y, about_x };
  double old[9];

  for (guint s = 0; s < 2; s++)
    {
      memcpy (old, camera->rotation, sizeof old);
      for (guint i = 0; i < 3; i++)
        for (guint j = 0; j < 3; j++)
          camera->rotation[3 * i + j] = steps[s][3 * i] * old[j] + steps[s][3 * i + 1] * old[3 + j] + steps[s][3 * i + 2] * old[6 + j];
    }
}
