/* workbench-choice-list.h: a drop-down of texts of which some cannot be chosen now, and say why. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** WorkbenchWhyNot: why choice @position cannot be made, as its tooltip says it; NULL when it can */
typedef const char *(*WorkbenchWhyNot) (guint position, gpointer data);

/** workbench_choice_list_install: @choice: of a GtkStringList; call it again when the reasons are others. @data: outlives @choice */
void workbench_choice_list_install (GtkDropDown *choice, WorkbenchWhyNot why_not, gpointer data);

G_END_DECLS
