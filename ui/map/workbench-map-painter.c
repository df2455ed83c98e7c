/* workbench-map-painter.c: three small OpenGL programs: points, lines, images. OpenGL 3.3 or OpenGL ES 3.0. */
#include "workbench-map-private.h"

#include "dfkd.h"

#include <epoxy/gl.h>
#include <glib/gi18n.h>
#include <math.h>

enum {
  ATLAS_COLUMNS = 16,
  RING_CORNERS = 32,
};

/* the corners of a square are numbered, so that there is no array of them */
static const char HEAD[] =
  "uniform mat3 turn; uniform vec3 centre; uniform vec2 view; uniform float zoom, density;\n"
  "vec4 put (vec3 p) { vec3 q = turn * (p - centre) * zoom; return vec4 (q.xy / (0.5 * view), -q.z * 1e-5, 1.0); }\n"
  "vec2 corner () { return vec2 (float (gl_VertexID & 1), float (gl_VertexID >> 1)) * 2.0 - 1.0; }\n";

/* what is not of the layer being drawn is put out of sight */
static const char POINT_VERTEX[] =
  "layout (location = 0) in vec3 place; layout (location = 1) in vec4 tint; layout (location = 2) in float size; layout (location = 3) in float shape;\n"
  "out vec4 colour; out vec2 at; out float radius; flat out int form; uniform float opaque;\n"
  "void main () { vec4 p = put (place); at = corner (); radius = 0.5 * size * density; colour = tint; form = int (shape + 0.5);\n"
  "  gl_Position = (tint.a == 1.0) == (opaque == 1.0) ? p + vec4 (at * (size * density + 1.0) / view, 0.0, 0.0) : vec4 (2.0, 2.0, 2.0, 1.0); }\n";

/* how far out a place is: 1 at the shape's edge */
static const char POINT_FRAGMENT[] =
  "in vec4 colour; in vec2 at; in float radius; flat in int form; out vec4 result;\n"
  "float across (vec2 p) { return max (min (p.x, p.y) / 0.3, max (p.x, p.y)); }\n"
  "float out_ (vec2 p) { vec2 a = abs (p); float r = length (p);\n"
  "  if (form == 1) return max (a.x, a.y) * 1.15;\n"
  "  if (form == 2) return a.x + a.y;\n"
  "  if (form == 3 || form == 4) { float y = form == 3 ? p.y : -p.y; return max (-2.0 * y, y + 1.732 * a.x); }\n"
  "  if (form == 5) return max (r, 1.5 - r);\n"
  "  if (form == 6) return across (a);\n"
  "  if (form == 7) return across (abs (vec2 (p.x + p.y, p.x - p.y)) * 0.7071);\n"
  "  return r; }\n"
  "void main () { float edge = (1.0 - out_ (at)) * (radius + 0.5); if (edge <= 0.0) discard;\n"
  "  float a = colour.a * min (edge, 1.0); vec3 c = edge < 1.5 && radius > 4.5 && form == 0 ? colour.rgb * 0.45 : colour.rgb; result = vec4 (c * a, a); }\n";

static const char LINE_VERTEX[] =
  "layout (location = 0) in vec3 place; layout (location = 1) in vec4 tint; out vec4 colour; uniform float flat_;\n"
  "void main () { colour = tint; gl_Position = flat_ > 0.5 ? vec4 (place.x / (0.5 * view.x) - 1.0, 1.0 - place.y / (0.5 * view.y), 0.0, 1.0) : put (place); }\n";

static const char LINE_FRAGMENT[] = "in vec4 colour; out vec4 result; void main () { result = vec4 (colour.rgb * colour.a, colour.a); }\n";

static const char IMAGE_VERTEX[] =
  "layout (location = 0) in vec3 place; layout (location = 1) in float cell; out vec2 at; uniform float size; uniform vec2 cells;\n"
  "void main () { vec2 c = corner (); vec2 first = vec2 (mod (cell, cells.x), floor (cell / cells.x));\n"
  "  at = (first + vec2 (0.5 + 0.5 * c.x, 0.5 - 0.5 * c.y)) / cells; gl_Position = put (place) + vec4 (c * size / view, 0.0, 0.0); }\n";

static const char IMAGE_FRAGMENT[] =
  "in vec2 at; out vec4 result; uniform sampler2D atlas; void main () { result = texture (atlas, at); if (result.a == 0.0) discard; }\n";

typedef enum {
  POINTS,
  LINES,
  IMAGES,
  N_KINDS
} Kind;

struct _WorkbenchMapPainter
{
  guint program[N_KINDS], array[N_KINDS], buffer[N_KINDS];
  guint texture, lasso_array, lasso_buffer;
  guint n_images, atlas_rows;
  gboolean dim; /* a point is not opaque */
};

static guint
compile (guint type, const char *source, GError **error)
{
  guint shader = glCreateShader (type);
  int version = epoxy_gl_version (), fine;
  gboolean embedded = !epoxy_is_desktop_gl ();
  const char *parts[] = { embedded ? "#version 300 es\nprecision highp float;\n" : version >= 33 ? "#version 330\n" : "#version 150\n#extension GL_ARB_explicit_attrib_location : require\n",
                          type == GL_VERTEX_SHADER ? HEAD : "", source };

  glShaderSource (shader, G_N_ELEMENTS (parts), parts, NULL);
  glCompileShader (shader);
  glGetShaderiv (shader, GL_COMPILE_STATUS, &fine);
  if (!fine)
    {
      char log[1024] = "";

      glGetShaderInfoLog (shader, sizeof log, NULL, log);
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _("OpenGL does not compile a shader: %s"), log);
      glDeleteShader (shader);
      return 0;
    }
  return shader;
}

static guint
link_program (const char *vertex, const char *fragment, GError **error)
{
  guint shaders[2] = { compile (GL_VERTEX_SHADER, vertex, error), 0 }, program;
  int fine;

  if (shaders[0] == 0 || (shaders[1] = compile (GL_FRAGMENT_SHADER, fragment, error)) == 0)
    return 0;
  program = glCreateProgram ();
  for (guint i = 0; i < 2; i++)
    {
      glAttachShader (program, shaders[i]);
      glDeleteShader (shaders[i]);
    }
  glLinkProgram (program);
  glGetProgramiv (program, GL_LINK_STATUS, &fine);
  if (!fine)
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _("OpenGL does not link a program"));
      glDeleteProgram (program);
      return 0;
    }
  return program;
}

static void
attribute (guint index, int size, guint type, gsize stride, gsize offset, guint divisor)
{
  glEnableVertexAttribArray (index);
  glVertexAttribPointer (index, size, type, type == GL_UNSIGNED_BYTE, (int) stride, (const void *) offset);
  glVertexAttribDivisor (index, divisor);
}

WorkbenchMapPainter *
workbench_map_painter_new (GError **error)
{
  static const char *const sources[N_KINDS][2] = { { POINT_VERTEX, POINT_FRAGMENT }, { LINE_VERTEX, LINE_FRAGMENT }, { IMAGE_VERTEX, IMAGE_FRAGMENT } };
  WorkbenchMapPainter *painter = g_new0 (WorkbenchMapPainter, 1);

  for (guint i = 0; i < N_KINDS; i++)
    {
      painter->program[i] = link_program (sources[i][0], sources[i][1], error);
      if (painter->program[i] == 0)
        {
          workbench_map_painter_free (painter);
          return NULL;
        }
    }
  glGenVertexArrays (N_KINDS, painter->array);
  glGenBuffers (N_KINDS, painter->buffer);
  glGenVertexArrays (1, &painter->lasso_array);
  glGenBuffers (1, &painter->lasso_buffer);
  glGenTextures (1, &painter->texture);
  glBindVertexArray (painter->array[POINTS]);
  glBindBuffer (GL_ARRAY_BUFFER, painter->buffer[POINTS]);
  attribute (0, 3, GL_FLOAT, sizeof (WorkbenchMapPoint), G_STRUCT_OFFSET (WorkbenchMapPoint, place), 1);
  attribute (1, 4, GL_UNSIGNED_BYTE, sizeof (WorkbenchMapPoint), G_STRUCT_OFFSET (WorkbenchMapPoint, colour), 1);
  attribute (2, 1, GL_FLOAT, sizeof (WorkbenchMapPoint), G_STRUCT_OFFSET (WorkbenchMapPoint, size), 1);
  attribute (3, 1, GL_FLOAT, sizeof (WorkbenchMapPoint), G_STRUCT_OFFSET (WorkbenchMapPoint, shape), 1);
  for (guint i = 0; i < 2; i++)
    {
      glBindVertexArray (i == 0 ? painter->array[LINES] : painter->lasso_array);
      glBindBuffer (GL_ARRAY_BUFFER, i == 0 ? painter->buffer[LINES] : painter->lasso_buffer);
      attribute (0, 3, GL_FLOAT, sizeof (WorkbenchMapVertex), G_STRUCT_OFFSET (WorkbenchMapVertex, place), 0);
      attribute (1, 4, GL_UNSIGNED_BYTE, sizeof (WorkbenchMapVertex), G_STRUCT_OFFSET (WorkbenchMapVertex, colour), 0);
    }
  glBindVertexArray (painter->array[IMAGES]);
  glBindBuffer (GL_ARRAY_BUFFER, painter->buffer[IMAGES]);
  attribute (0, 3, GL_FLOAT, sizeof (WorkbenchMapThumbnail), G_STRUCT_OFFSET (WorkbenchMapThumbnail, place), 1);
  attribute (1, 1, GL_FLOAT, sizeof (WorkbenchMapThumbnail), G_STRUCT_OFFSET (WorkbenchMapThumbnail, cell), 1);
  glBindVertexArray (0);
  return painter;
}

void
workbench_map_painter_free (WorkbenchMapPainter *painter)
{
  if (painter == NULL)
    return;
  for (guint i = 0; i < N_KINDS; i++)
    if (painter->program[i] != 0)
      glDeleteProgram (painter->program[i]);
  glDeleteVertexArrays (N_KINDS, painter->array);
  glDeleteBuffers (N_KINDS, painter->buffer);
  glDeleteVertexArrays (1, &painter->lasso_array);
  glDeleteBuffers (1, &painter->lasso_buffer);
  glDeleteTextures (1, &painter->texture);
  g_free (painter);
}

void
workbench_map_painter_upload (WorkbenchMapPainter *painter, const WorkbenchMapScene *scene)
{
  glBindBuffer (GL_ARRAY_BUFFER, painter->buffer[POINTS]);
  glBufferData (GL_ARRAY_BUFFER, (GLsizeiptr) (scene->n_points * sizeof (WorkbenchMapPoint)), scene->points, GL_DYNAMIC_DRAW);
  painter->dim = FALSE;
  for (gsize i = 0; i < scene->n_points && !painter->dim; i++)
    painter->dim = scene->points[i].colour[3] != 255;
  glBindBuffer (GL_ARRAY_BUFFER, painter->buffer[LINES]);
  glBufferData (GL_ARRAY_BUFFER, (GLsizeiptr) (scene->n_lines * sizeof (WorkbenchMapVertex)), scene->lines, GL_DYNAMIC_DRAW);
}

void
workbench_map_painter_set_atlas (WorkbenchMapPainter *painter, const guint8 *pixels, guint count, guint height, guint width,
                                 const WorkbenchMapThumbnail *thumbnails)
{
  guint rows = MAX ((count + ATLAS_COLUMNS - 1) / ATLAS_COLUMNS, 1u);

  painter->n_images = count;
  painter->atlas_rows = rows;
  if (count == 0)
    return;
  glBindTexture (GL_TEXTURE_2D, painter->texture);
  glTexImage2D (GL_TEXTURE_2D, 0, GL_RGBA8, (int) (ATLAS_COLUMNS * width), (int) (rows * height), 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  for (guint i = 0; i < count; i++)
    glTexSubImage2D (GL_TEXTURE_2D, 0, (int) (i % ATLAS_COLUMNS * width), (int) (i / ATLAS_COLUMNS * height), (int) width, (int) height, GL_RGBA,
                     GL_UNSIGNED_BYTE, pixels + (gsize) i * height * width * 4);
  glBindBuffer (GL_ARRAY_BUFFER, painter->buffer[IMAGES]);
  glBufferData (GL_ARRAY_BUFFER, (GLsizeiptr) (count * sizeof *thumbnails), thumbnails, GL_DYNAMIC_DRAW);
}

static void
use (WorkbenchMapPainter *painter, Kind kind, const WorkbenchMapScene *scene, const WorkbenchCamera *camera)
{
  guint program = painter->program[kind];
  float turn[9], s = (float) scene->scale_factor;

  for (guint i = 0; i < 9; i++)
    turn[i] = (float) camera->rotation[i];
  glUseProgram (program);
  glUniformMatrix3fv (glGetUniformLocation (program, "turn"), 1, GL_FALSE, (const float[9]){ turn[0], turn[3], turn[6], turn[1], turn[4], turn[7], turn[2], turn[5], turn[8] });
  glUniform3f (glGetUniformLocation (program, "centre"), (float) camera->centre[0], (float) camera->centre[1], (float) camera->centre[2]);
  glUniform2f (glGetUniformLocation (program, "view"), (float) scene->width * s, (float) scene->height * s);
  glUniform1f (glGetUniformLocation (program, "density"), s);
  glUniform1f (glGetUniformLocation (program, "zoom"), (float) camera->scale * s);
  glBindVertexArray (painter->array[kind]);
}

/* a closed line through @n places of the widget, x and y in turn */
static void
draw_loop (WorkbenchMapPainter *painter, const WorkbenchMapScene *scene, const WorkbenchCamera *camera, const float *places, gsize n)
{
  g_autofree WorkbenchMapVertex *vertices = g_new0 (WorkbenchMapVertex, n);
  float s = (float) scene->scale_factor;

  for (gsize i = 0; i < n; i++)
    {
      const GdkRGBA *c = &scene->foreground;
      WorkbenchMapVertex v = { { places[2 * i] * s, places[2 * i + 1] * s, 0.0f },
                               { (guint8) (255.0f * c->red), (guint8) (255.0f * c->green), (guint8) (255.0f * c->blue), 255 } };

      vertices[i] = v;
    }
  use (painter, LINES, scene, camera);
  glUniform1f (glGetUniformLocation (painter->program[LINES], "flat_"), 1.0f);
  glBindVertexArray (painter->lasso_array);
  glBindBuffer (GL_ARRAY_BUFFER, painter->lasso_buffer);
  glBufferData (GL_ARRAY_BUFFER, (GLsizeiptr) (n * sizeof *vertices), vertices, GL_STREAM_DRAW);
  glDrawArrays (GL_LINE_LOOP, 0, (int) n);
}

/* two lines, or one would be lost on a pale ground */
static void
draw_ring (WorkbenchMapPainter *painter, const WorkbenchMapScene *scene, const WorkbenchCamera *camera)
{
  for (guint ring = 0; ring < 2; ring++)
    {
      float places[2 * RING_CORNERS];

      for (guint i = 0; i < RING_CORNERS; i++)
        {
          double angle = 2.0 * G_PI * i / RING_CORNERS, radius = WORKBENCH_MAP_RING_RADIUS + 0.7 * ring;

          places[2 * i] = (float) (scene->current[0] + radius * cos (angle));
          places[2 * i + 1] = (float) (scene->current[1] + radius * sin (angle));
        }
      draw_loop (painter, scene, camera, places, RING_CORNERS);
    }
}

static void
draw_points (WorkbenchMapPainter *painter, const WorkbenchMapScene *scene, const WorkbenchCamera *camera)
{
  use (painter, POINTS, scene, camera);
  for (guint opaque = painter->dim ? 0 : 1; opaque < 2; opaque++)
    {
      glDepthMask (opaque == 1); /* what is dim hides nothing */
      glUniform1f (glGetUniformLocation (painter->program[POINTS], "opaque"), (float) opaque);
      glDrawArraysInstanced (GL_TRIANGLE_STRIP, 0, 4, (int) scene->n_points);
    }
}

void
workbench_map_painter_draw (WorkbenchMapPainter *painter, const WorkbenchMapScene *scene, const WorkbenchCamera *camera, float thumbnail_size)
{
  const int s = (int) scene->scale_factor;

  glViewport (0, 0, (int) scene->width * s, (int) scene->height * s);
  glClearColor (0.0f, 0.0f, 0.0f, 0.0f);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  glEnable (GL_BLEND);
  glBlendFunc (GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  (scene->depth ? glEnable : glDisable) (GL_DEPTH_TEST);
  glDepthFunc (GL_LEQUAL);
  if (scene->n_lines > 0)
    {
      use (painter, LINES, scene, camera);
      glUniform1f (glGetUniformLocation (painter->program[LINES], "flat_"), 0.0f);
      glDrawArrays (GL_LINES, 0, (int) scene->n_lines);
    }
  if (scene->n_points > 0)
    draw_points (painter, scene, camera);
  if (painter->n_images > 0 && thumbnail_size > 0.0f)
    {
      use (painter, IMAGES, scene, camera);
      glUniform1f (glGetUniformLocation (painter->program[IMAGES], "size"), thumbnail_size * (float) scene->scale_factor);
      glUniform2f (glGetUniformLocation (painter->program[IMAGES], "cells"), ATLAS_COLUMNS, (float) painter->atlas_rows);
      glActiveTexture (GL_TEXTURE0);
      glBindTexture (GL_TEXTURE_2D, painter->texture);
      glDrawArraysInstanced (GL_TRIANGLE_STRIP, 0, 4, (int) painter->n_images);
    }
  glDisable (GL_DEPTH_TEST);
  if (scene->has_current)
    draw_ring (painter, scene, camera);
  if (scene->n_lasso > 1)
    draw_loop (painter, scene, camera, scene->lasso, scene->n_lasso);
  glBindVertexArray (0);
  glUseProgram (0);
}

gboolean
workbench_map_painter_read (cairo_surface_t *pixels)
{
  const int height = cairo_image_surface_get_height (pixels), stride = cairo_image_surface_get_stride (pixels);
  guint8 *data = cairo_image_surface_get_data (pixels);
  g_autofree guint8 *row = NULL;

  if (!epoxy_is_desktop_gl ()) /* of OpenGL ES not every one has BGRA */
    return FALSE;
  glPixelStorei (GL_PACK_ALIGNMENT, 4);
  glReadPixels (0, 0, cairo_image_surface_get_width (pixels), height, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, data);
  row = g_malloc ((gsize) stride);
  for (int y = 0; y < height / 2; y++) /* OpenGL begins below */
    {
      guint8 *above = data + (gsize) y * (gsize) stride, *below = data + (gsize) (height - 1 - y) * (gsize) stride;

      memcpy (row, above, (gsize) stride);
      memcpy (above, below, (gsize) stride);
      memcpy (below, row, (gsize) stride);
    }
  cairo_surface_mark_dirty (pixels);
  return TRUE;
}
