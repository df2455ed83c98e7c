/* workbench-algorithm-diagram.c: boxes in a grid, arrows drawn behind them. */
#include "workbench-algorithm-diagram.h"

#include <math.h>

enum {
  GAP = 28, /* between boxes, for arrows */
  HEAD = 8, /* of an arrow */
};

/* where each box stands */
static const struct {
  int column, row;
} places[WORKBENCH_N_ALGORITHM_PARTS] = {
  [WORKBENCH_ALGORITHM_DRAW] = { 0, 0 },    [WORKBENCH_ALGORITHM_IMAGES] = { 1, 0 },  [WORKBENCH_ALGORITHM_LOSSES] = { 2, 0 },
  [WORKBENCH_ALGORITHM_OUTER] = { 0, 1 },   [WORKBENCH_ALGORITHM_LOOP] = { 1, 1 },    [WORKBENCH_ALGORITHM_INNER] = { 2, 1 },
  [WORKBENCH_ALGORITHM_EVALUATION] = { 0, 2 }, [WORKBENCH_ALGORITHM_STUDENT] = { 1, 2 }, [WORKBENCH_ALGORITHM_POOL] = { 2, 2 },
};

/* between neighbours in the grid: straight from the facing sides; else by the gaps, dashed */
static const struct {
  WorkbenchAlgorithmPart from, to;
} arrows[] = {
  { WORKBENCH_ALGORITHM_DRAW, WORKBENCH_ALGORITHM_IMAGES },
  { WORKBENCH_ALGORITHM_IMAGES, WORKBENCH_ALGORITHM_LOSSES },
  { WORKBENCH_ALGORITHM_LOSSES, WORKBENCH_ALGORITHM_INNER },
  { WORKBENCH_ALGORITHM_INNER, WORKBENCH_ALGORITHM_LOOP },
  { WORKBENCH_ALGORITHM_LOOP, WORKBENCH_ALGORITHM_IMAGES },
  { WORKBENCH_ALGORITHM_LOOP, WORKBENCH_ALGORITHM_OUTER },
  { WORKBENCH_ALGORITHM_OUTER, WORKBENCH_ALGORITHM_DRAW },
  { WORKBENCH_ALGORITHM_INNER, WORKBENCH_ALGORITHM_POOL },
  { WORKBENCH_ALGORITHM_POOL, WORKBENCH_ALGORITHM_STUDENT },
  { WORKBENCH_ALGORITHM_STUDENT, WORKBENCH_ALGORITHM_EVALUATION },
  { WORKBENCH_ALGORITHM_STUDENT, WORKBENCH_ALGORITHM_LOSSES },
};

struct _WorkbenchAlgorithmDiagram
{
  GtkWidget parent_instance;

  GtkWidget *boxes[WORKBENCH_N_ALGORITHM_PARTS];
  gboolean asks_student; /* the student has a say in the loss */
};

G_DEFINE_FINAL_TYPE (WorkbenchAlgorithmDiagram, workbench_algorithm_diagram, GTK_TYPE_WIDGET)

static guint explain_signal;

/* ------------------------------------------------------------------------------------------------------ arrows */

static void
draw_head (cairo_t *cr, double x, double y, double angle)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, angle);
  cairo_move_to (cr, 0.0, 0.0);
  cairo_line_to (cr, -HEAD, -HEAD / 2.0);
  cairo_line_to (cr, -HEAD, HEAD / 2.0);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}

static void
draw_straight (cairo_t *cr, const graphene_rect_t *from, const graphene_rect_t *to, int columns, int rows)
{
  double x0 = (double) from->origin.x + (double) from->size.width * (0.5 + 0.5 * columns);
  double y0 = (double) from->origin.y + (double) from->size.height * (0.5 + 0.5 * rows);
  double x1 = columns != 0 ? (double) to->origin.x + (double) to->size.width * (0.5 - 0.5 * columns) : x0;
  double y1 = rows != 0 ? (double) to->origin.y + (double) to->size.height * (0.5 - 0.5 * rows) : y0;

  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1 - columns * HEAD / 2.0, y1 - rows * HEAD / 2.0);
  cairo_stroke (cr);
  draw_head (cr, x1, y1, atan2 (rows, columns));
}

/* the student's say in the loss: up through the gaps between the boxes */
static void
draw_around (cairo_t *cr, const graphene_rect_t *from, const graphene_rect_t *to)
{
  static const double dashes[] = { 4.0, 3.0 };
  double x0 = (double) (from->origin.x + from->size.width) - GAP, y0 = (double) from->origin.y;
  double lane = (double) to->origin.x - GAP / 2.0, x1 = (double) to->origin.x + GAP, y1 = (double) (to->origin.y + to->size.height);

  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x0, y0 - GAP / 2.0);
  cairo_line_to (cr, lane, y0 - GAP / 2.0);
  cairo_line_to (cr, lane, y1 + GAP / 2.0);
  cairo_line_to (cr, x1, y1 + GAP / 2.0);
  cairo_line_to (cr, x1, y1 + HEAD / 2.0);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0.0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0.0);
  draw_head (cr, x1, y1, -G_PI / 2.0);
}

static void
draw_arrow (WorkbenchAlgorithmDiagram *self, cairo_t *cr, guint index)
{
  WorkbenchAlgorithmPart from = arrows[index].from, to = arrows[index].to;
  int columns = places[to].column - places[from].column, rows = places[to].row - places[from].row;
  graphene_rect_t a, b;

  if (from == WORKBENCH_ALGORITHM_STUDENT && to == WORKBENCH_ALGORITHM_LOSSES && !self->asks_student)
    return;
  if (!gtk_widget_compute_bounds (self->boxes[from], GTK_WIDGET (self), &a) || !gtk_widget_compute_bounds (self->boxes[to], GTK_WIDGET (self), &b))
    return;
  if (abs (columns) + abs (rows) == 1)
    draw_straight (cr, &a, &b, columns, rows);
  else
    draw_around (cr, &a, &b);
}

static void
workbench_algorithm_diagram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkbenchAlgorithmDiagram *self = WORKBENCH_ALGORITHM_DIAGRAM (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (
    snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget)));
  GdkRGBA plain, lit;

  gtk_style_context_get_color (style, &plain);
  plain.alpha *= 0.55f;
  if (!gtk_style_context_lookup_color (style, "accent_color", &lit))
    lit = plain;
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      gboolean is_lit = workbench_algorithm_box_is_lit (WORKBENCH_ALGORITHM_BOX (self->boxes[arrows[i].to]));

      gdk_cairo_set_source_rgba (cr, is_lit ? &lit : &plain);
      cairo_set_line_width (cr, is_lit ? 2.0 : 1.5);
      draw_arrow (self, cr, i);
    }
  cairo_destroy (cr);
  GTK_WIDGET_CLASS (workbench_algorithm_diagram_parent_class)->snapshot (widget, snapshot);
}

/* ------------------------------------------------------------------------------------------------- explaining */

static void
explain (WorkbenchAlgorithmDiagram *self, GtkWidget *box)
{
  g_signal_emit (self, explain_signal, 0, workbench_algorithm_box_get_part (WORKBENCH_ALGORITHM_BOX (box)));
}

static void
on_focus (GtkEventControllerFocus *controller, WorkbenchAlgorithmDiagram *self)
{
  explain (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
}

static void
on_pointer (GtkEventControllerMotion *controller, double x, double y, WorkbenchAlgorithmDiagram *self)
{
  explain (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
}

static void
on_clicked (GtkButton *button, WorkbenchAlgorithmDiagram *self)
{
  explain (self, GTK_WIDGET (button));
}

/* ----------------------------------------------------------------------------------------------- construction */

static void
workbench_algorithm_diagram_dispose (GObject *object)
{
  WorkbenchAlgorithmDiagram *self = WORKBENCH_ALGORITHM_DIAGRAM (object);

  for (guint i = 0; i < WORKBENCH_N_ALGORITHM_PARTS; i++)
    g_clear_pointer (&self->boxes[i], gtk_widget_unparent);
  G_OBJECT_CLASS (workbench_algorithm_diagram_parent_class)->dispose (object);
}

static void
workbench_algorithm_diagram_class_init (WorkbenchAlgorithmDiagramClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_algorithm_diagram_dispose;
  widget_class->snapshot = workbench_algorithm_diagram_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_GRID_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "diagram");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  explain_signal = g_signal_new ("explain", WORKBENCH_TYPE_ALGORITHM_DIAGRAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
add_box (WorkbenchAlgorithmDiagram *self, WorkbenchAlgorithmPart part)
{
  GtkWidget *box = self->boxes[part] = workbench_algorithm_box_new (part);
  GtkEventController *focus = gtk_event_controller_focus_new (), *pointer = gtk_event_controller_motion_new ();
  GtkLayoutChild *place;

  gtk_widget_set_parent (box, GTK_WIDGET (self));
  place = gtk_layout_manager_get_layout_child (gtk_widget_get_layout_manager (GTK_WIDGET (self)), box);
  gtk_grid_layout_child_set_column (GTK_GRID_LAYOUT_CHILD (place), places[part].column);
  gtk_grid_layout_child_set_row (GTK_GRID_LAYOUT_CHILD (place), places[part].row);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_vexpand (box, TRUE);
  g_signal_connect (focus, "enter", G_CALLBACK (on_focus), self);
  g_signal_connect (pointer, "enter", G_CALLBACK (on_pointer), self);
  g_signal_connect (box, "clicked", G_CALLBACK (on_clicked), self);
  gtk_widget_add_controller (box, focus);
  gtk_widget_add_controller (box, pointer);
}

static void
workbench_algorithm_diagram_init (WorkbenchAlgorithmDiagram *self)
{
  GtkGridLayout *layout = GTK_GRID_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));

  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR); /* a drawing, not a text */
  gtk_grid_layout_set_row_spacing (layout, GAP);
  gtk_grid_layout_set_column_spacing (layout, GAP);
  gtk_grid_layout_set_column_homogeneous (layout, TRUE);
  /* by rows: so the tabulator goes */
  for (int row = 0; row < 3; row++)
    for (int column = 0; column < 3; column++)
      for (guint part = 0; part < WORKBENCH_N_ALGORITHM_PARTS; part++)
        if (places[part].row == row && places[part].column == column)
          add_box (self, part);
}

void
workbench_algorithm_diagram_show (WorkbenchAlgorithmDiagram *self, const WorkbenchAlgorithmState *state)
{
  gboolean asks = workbench_algorithm_asks_student (state), turned = asks != self->asks_student;

  self->asks_student = asks;
  for (guint i = 0; i < WORKBENCH_N_ALGORITHM_PARTS; i++)
    turned |= workbench_algorithm_box_show (WORKBENCH_ALGORITHM_BOX (self->boxes[i]), state);
  if (turned)
    gtk_widget_queue_draw (GTK_WIDGET (self)); /* arrows */
}

WorkbenchAlgorithmBox *
workbench_algorithm_diagram_get_box (WorkbenchAlgorithmDiagram *self, WorkbenchAlgorithmPart part)
{
  return WORKBENCH_ALGORITHM_BOX (self->boxes[part]);
}
