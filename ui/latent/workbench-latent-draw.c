/* workbench-latent-draw.c: the points, the ways that selected ones came, and their thumbnails, as the map takes them. */
#include "workbench-latent-view-private.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

enum {
  MOST_PATHS = 200, /* selected images whose way through the latent space is drawn */
  DIM = 36,         /* of 255: how opaque the points of other classes than the highlighted one are */
  TEST = 150,       /* likewise those of test images in two dimensions: they lie below the synthetic ones, if these are not nearer */
};

static const float PLAIN = 6.0f, SHAPED = 9.0f, CHOSEN = 13.0f; /* pixels across a point */

static void
set_vertex (WorkbenchMapVertex *v, const float *place, guint dimensions, const GdkRGBA *c, guint8 alpha)
{
  *v = (WorkbenchMapVertex){ { place[0], place[1], dimensions == 3 ? place[2] : 0.0f },
                             { (guint8) lrintf (255.0f * c->red), (guint8) lrintf (255.0f * c->green), (guint8) lrintf (255.0f * c->blue), alpha } };
}

/* from the latent that was drawn to the one that made the image, of what is selected */
void
workbench_latent_view_draw_paths (WorkbenchLatentView *self)
{
  WorkbenchSelection *selection = workbench_document_get_selection (self->document);
  WorkbenchImage current = workbench_selection_get_current (selection);
  g_autoptr (GArray) images = workbench_selection_get_images (selection), vertices = g_array_new (FALSE, FALSE, sizeof (WorkbenchMapVertex));
  guint d = workbench_layout_get_dimensions (self->layout);
  gboolean wanted = gtk_toggle_button_get_active (self->paths) && workbench_latent_view_kind (self) == DFKD_ROWS_Z;

  if (current != WORKBENCH_NO_IMAGE && !workbench_selection_contains (selection, current))
    g_array_append_val (images, current);
  for (guint i = 0; i < MIN (images->len, (guint) MOST_PATHS) && wanted; i++)
    {
      WorkbenchImage image = g_array_index (images, WorkbenchImage, i);
      gssize point = workbench_points_find (self->points, image);
      DfkdPictures *p = point >= 0 ? workbench_history_get (workbench_document_get_history (self->document), workbench_image_synthesis (image)) : NULL;
      gsize columns = workbench_points_get_features (self->points);
      WorkbenchMapVertex line[2];
      float from[3], to[3];
      int label;
      GdkRGBA colour = workbench_image_colours_mark (&self->colours, image, &label).colour;

      if (p == NULL || p->rows[DFKD_ROWS_Z_START] == NULL || p->columns[DFKD_ROWS_Z_START] != columns || workbench_image_index (image) >= p->count
          || !workbench_layout_project (self->layout, p->rows[DFKD_ROWS_Z_START] + workbench_image_index (image) * columns, from)
          || !workbench_layout_project (self->layout, workbench_points_get_rows (self->points) + (gsize) point * columns, to))
        continue;
      set_vertex (&line[0], from, d, &colour, 90);
      set_vertex (&line[1], to, d, &colour, 255);
      g_array_append_vals (vertices, line, 2);
    }
  workbench_map_set_lines (self->map, (const WorkbenchMapVertex *) vertices->data, vertices->len);
}

void
workbench_latent_view_draw_points (WorkbenchLatentView *self, gsize n)
{
  WorkbenchSelection *selection = workbench_document_get_selection (self->document);
  const WorkbenchImage current = workbench_selection_get_current (selection);
  const guint64 *ids = workbench_layout_get_ids (self->layout);
  const float *places = workbench_layout_get_places (self->layout);
  const guint d = workbench_layout_get_dimensions (self->layout), classes = workbench_album_get_classes (self->album);
  const int highlighted = workbench_latent_view_is_by_class (self) ? workbench_class_legend_get_highlighted (self->class_legend) : -1;
  const float usual = workbench_latent_view_is_by_class (self) && classes > WORKBENCH_PLAIN_CLASSES ? SHAPED : PLAIN;
  g_autofree WorkbenchMapPoint *points = g_new0 (WorkbenchMapPoint, n);
  int current_index = -1;

  self->colours = workbench_image_colours (self->album, gtk_drop_down_get_selected (self->colour), ids, n, adw_style_manager_get_dark (adw_style_manager_get_default ()));
  for (gsize i = 0; i < n; i++)
    {
      int label;
      WorkbenchClassMark mark = workbench_image_colours_mark (&self->colours, ids[i], &label);
      const gboolean is_test = workbench_image_is_test (ids[i]);
      WorkbenchMapVertex v;

      set_vertex (&v, places + i * d, d, &mark.colour, highlighted >= 0 && label != highlighted ? DIM : is_test && d == 2 ? TEST : 255);
      memcpy (points[i].place, v.place, sizeof v.place);
      memcpy (points[i].colour, v.colour, sizeof v.colour);
      points[i].size = ids[i] == current || workbench_selection_contains (selection, ids[i]) ? CHOSEN : is_test ? SHAPED : usual;
      points[i].shape = (float) (is_test ? WORKBENCH_MAP_RING : mark.shape);
      if (ids[i] == current)
        current_index = (int) i;
    }
  workbench_map_set_points (self->map, points, n, d);
  workbench_map_set_current (self->map, current_index);
}

gboolean
workbench_latent_view_thumbnail (guint index, guint8 *pixels, gpointer data)
{
  WorkbenchLatentView *self = data;
  WorkbenchImage image = index < workbench_layout_get_count (self->layout) ? workbench_layout_get_ids (self->layout)[index] : WORKBENCH_NO_IMAGE;
  DfkdPictures *p = image != WORKBENCH_NO_IMAGE ? workbench_album_get_pictures (self->album, image) : NULL;
  GdkRGBA frame;
  gsize width;
  guint tall, wide;
  int label;

  if (p == NULL || workbench_image_index (image) >= p->count || !workbench_album_get_size (self->album, &tall, &wide) || p->height != tall || p->width != wide)
    return FALSE;
  frame = workbench_image_colours_mark (&self->colours, image, &label).colour;
  width = p->width + 2 * WORKBENCH_LATENT_FRAME;
  for (gsize y = 0; y < p->height + 2 * WORKBENCH_LATENT_FRAME; y++)
    for (gsize x = 0; x < width; x++)
      {
        guint8 *target = pixels + 4 * (y * width + x);
        gboolean inside = x >= WORKBENCH_LATENT_FRAME && y >= WORKBENCH_LATENT_FRAME && x < WORKBENCH_LATENT_FRAME + p->width && y < WORKBENCH_LATENT_FRAME + p->height;
        const guint8 *source = p->pixels + workbench_image_index (image) * dfkd_pictures_image_bytes (p)
                               + (inside ? ((y - WORKBENCH_LATENT_FRAME) * p->width + x - WORKBENCH_LATENT_FRAME) * p->channels : 0);

        target[0] = inside ? source[0] : (guint8) lrintf (255.0f * frame.red);
        target[1] = inside ? source[p->channels >= 3 ? 1 : 0] : (guint8) lrintf (255.0f * frame.green);
        target[2] = inside ? source[p->channels >= 3 ? 2 : 0] : (guint8) lrintf (255.0f * frame.blue);
        target[3] = 255;
      }
  return TRUE;
}
