/* command.h: what the commands of dfkd share: options, exit codes, progress, output. */
#pragma once

#include "dfkd.h"

#include <glib/gi18n.h>

G_BEGIN_DECLS

typedef enum {
  DFKD_EXIT_DONE = 0,
  DFKD_EXIT_FAILED = 1,
  DFKD_EXIT_USAGE = 2,
  DFKD_EXIT_INTERRUPTED = 130,
} DfkdExit;

/** DfkdCommand: argv[0] is the command's own name. */
typedef int (*DfkdCommand) (int argc, char **argv);

int dfkd_command_devices (int argc, char **argv);
int dfkd_command_train (int argc, char **argv);
int dfkd_command_distill (int argc, char **argv);
int dfkd_command_experiment (int argc, char **argv);
int dfkd_command_evaluate (int argc, char **argv);
int dfkd_command_forward (int argc, char **argv);
int dfkd_command_replay (int argc, char **argv);
int dfkd_command_bench (int argc, char **argv);
int dfkd_command_convert (int argc, char **argv);
int dfkd_command_runs (int argc, char **argv);
int dfkd_command_scalars (int argc, char **argv);
int dfkd_command_coverage (int argc, char **argv);

/** DfkdCommonOptions: --device, --threads, --json, and --recipe of commands that have it. */
typedef struct {
  char *recipe; /* NULL where the recipe is not from a file or built in */
  char *device;
  int threads;
  gboolean json;
} DfkdCommonOptions;

void dfkd_common_options_clear (DfkdCommonOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdCommonOptions, dfkd_common_options_clear)

/**
 * dfkd_command_parse:
 * @name: of the command
 * @arguments: (nullable): what stands after the options, for --help
 * @entries: the command's own options
 * @common: (nullable): of a command that computes nothing it has none
 * @recipe: (nullable): adds one option for each parameter of the table and --recipe; parsed values go into it; each is in its range, but
 *   whether they fit each other is for dfkd_recipe_check()
 * @positional: how many arguments must be left; they stay in @argv[1] …
 *
 * Returns: FALSE after a message, for which the exit code is DFKD_EXIT_USAGE; also after DFKD_MANUAL_OPTION alone
 */
gboolean dfkd_command_parse (int *argc, char ***argv, const char *name, const char *arguments, const char *summary,
                             const GOptionEntry *entries, DfkdCommonOptions *common, DfkdRecipe **recipe, int positional);

/** dfkd_command_parse_size: "HEIGHTxWIDTH", each from 1 to 4096; else DFKD_ERROR_ARGUMENT naming --size. */
gboolean dfkd_command_parse_size (const char *text, gsize *height, gsize *width, GError **error);

/** dfkd_command_name_option: in @error, what recipes call @id becomes the option, as --help has it. */
void dfkd_command_name_option (DfkdParameterId id, GError **error);

/** dfkd_command_tell: prints @message behind the program's name. Names out of files stand in it: what would steer a terminal becomes “?”. */
void dfkd_command_tell (const char *message);

/** dfkd_command_quote: @name as a shell takes it, in quotes where it needs them. Returns: (transfer full) */
char *dfkd_command_quote (const char *name);

/** dfkd_command_find_runs: the runs that are named, or lie in folders that are. @may_come: a folder in which there is none is good.
 * Returns: (transfer full) (nullable) (element-type filename) */
GPtrArray *dfkd_command_find_runs (char **paths, gboolean may_come, GError **error);

/** dfkd_command_fail: prints @error; returns DFKD_EXIT_FAILED, or DFKD_EXIT_USAGE for DFKD_ERROR_ARGUMENT. */
int dfkd_command_fail (const GError *error);

/** dfkd_progress_show_trials: of kernels, on a device that meets shapes for the first time (DfkdDeviceWatch) */
void dfkd_progress_show_trials (guint tried, guint all);
/** dfkd_command_open_device: by --device and --threads; tells of its trials, which an interrupt ends. */
DfkdDevice *dfkd_command_open_device (const DfkdCommonOptions *common, GError **error);

/** dfkd_interrupts: counts Ctrl-C, SIGTERM and the end of the terminal; a second one of the first two, later than what somebody sends twice, ends
 * the program at once. */
void dfkd_interrupts_catch (void);
gboolean dfkd_interrupts_seen (void);

/** dfkd_progress_show: a bar with the time left (where that is known: not negative) on a terminal, else a line now and then, to standard error. */
void dfkd_progress_show (double fraction, double seconds_left, const char *text);
void dfkd_progress_end (void);

G_END_DECLS
