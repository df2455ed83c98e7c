/* hand.h: a hand at pointer and keys, through xdotool: what it does goes through display server and toolkit as a person's would. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* FALSE where there is no xdotool or no X: the test is skipped then */
gboolean has_hand (void);
/* to a place on @widget, which is mapped */
void hand_move (GtkWidget *widget, double x, double y);
/* with @button held, in a few steps */
void hand_drag (GtkWidget *widget, guint button, double x0, double y0, double x1, double y1);
/* through @n places, x and y in turn; @button: 1 the first one; @held: (nullable): a key that is held, by X's name */
void hand_draw (GtkWidget *widget, const double *places, guint n, guint button, const char *held);
/* twice the first button, where the pointer is */
void hand_click_twice (void);
/* by the name that X has for it: "space", "shift+s"; in the window of @widget */
void hand_press (GtkWidget *widget, const char *key);

G_END_DECLS
