/* manual.h: the manual page of dfkd. */
#pragma once

/** dfkd_manual_print: roff on the standard output, in English; @names and @summaries: of the commands, NULL-terminated */
void dfkd_manual_print (const char *const *names, const char *const *summaries);
