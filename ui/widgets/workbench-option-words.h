/* workbench-option-words.h: what the engine says of options of the terminal, in the words of the window. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** workbench_option_words: "--data none" is “none” in the field “Test data” here. Options that the window has nothing for stay. (transfer full) */
char *workbench_option_words (const char *message);

G_END_DECLS
