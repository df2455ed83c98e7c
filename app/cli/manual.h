/* manual.h: the manual page of dfkd. */
#pragma once

#include "command.h"

/** DfkdManualCommand: a command as the page tells of it; @summary is not translated */
typedef struct {
  const char *name, *summary;
  DfkdCommand run;
} DfkdManualCommand;

/** dfkd_manual_print: roff on the standard output, in English. Each command is run with DFKD_MANUAL_OPTION alone, at which
 * dfkd_command_parse() prints its options with dfkd_manual_print_options() and ends it. */
void dfkd_manual_print (const DfkdManualCommand *commands, guint count);

#define DFKD_MANUAL_OPTION "--help-roff"

/** dfkd_manual_print_command: how it is called and what it does; @arguments: (nullable) */
void dfkd_manual_print_command (const char *name, const char *arguments, const char *summary);
void dfkd_manual_print_options (const GOptionEntry *entries);
