/* workbench-equation.h: equations of plain text, as parameters and methods tell them, set as equations are: "L_bn" as an italic L with
 * its index below. Knows no widget. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** workbench_equation_markup: single letters in italics, what follows an underscore below them, words upright. Returns: (transfer full):
 * Pango markup */
char *workbench_equation_markup (const char *plain);

G_END_DECLS
