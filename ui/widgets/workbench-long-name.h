/* workbench-long-name.h: labels for names that people give, of classes and the like, which may be of any length: such a label takes so many
 * letters, leaves out the middle of a longer name, and a tooltip has all of it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** workbench_long_name_fit: lets @label take no more than @letters. */
void workbench_long_name_fit (GtkLabel *label, int letters);
/** workbench_long_name_fit_choice: likewise what the button of @choice shows of its strings; its list shows them whole. */
void workbench_long_name_fit_choice (GtkDropDown *choice, int letters);

G_END_DECLS
