/* workbench-window-private.h: between the parts of the window. */
#pragma once

#include "workbench-comparison.h"
#include "workbench-controls.h"
#include "workbench-pane.h"
#include "workbench-status-bar.h"
#include "workbench-window.h"

G_BEGIN_DECLS

struct _WorkbenchWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkRevealer *waiting; /* says for a while that a restart is needed */
  GtkLabel *waiting_text;
  AdwWindowTitle *title;
  GtkButton *run_button;
  AdwSplitButton *step_button;
  GtkInfoBar *problem;
  GtkLabel *problem_text;
  GPtrArray *problems; /* (nullable): of the files that are being opened, to be shown together */
  AdwFlap *split;
  GtkPaned *panes;
  WorkbenchControls *controls;
  WorkbenchPane *first_pane, *second_pane;
  WorkbenchStatusBar *status;
  GMenu *edit_menu, *recent_menu, *built_in_menu;
  GtkWindow *first_steps; /* (nullable) (weak) */

  WorkbenchDocument *document; /* (nullable) */
  WorkbenchComparison *comparison; /* what all views show beside it */
  DfkdRecipe *recipe; /* of the last run that was asked for: started again when nothing is shown */
  char *device;  /* NULL and 0: as the settings say */
  guint threads;
  gboolean paused; /* start paused */
  GtkFileChooserNative *chooser; /* while it is open */
  DfkdRecipe *awaiting; /* (nullable): a recipe whose teacher is being chosen */
  gint64 started;    /* the run, on the monotonic clock */
  GtkApplication *awake_by; /* (nullable): what keeps the machine from being suspended, also once the window has left it */
  guint awake_cookie;
  guint waiting_ends; /* source, while it is said that a restart is needed */
  GtkWidget *had_focus; /* (nullable): last, not owned */
  guint focus_lost;     /* source, once nothing has it any more */
  gboolean keeps;  /* runs, as the settings say */
  gboolean forgets; /* what it looks like */
};

/* what to start, and where */
typedef struct {
  const DfkdRecipe *recipe; /* NULL with resume */
  WorkbenchDials *dials;    /* (nullable): those of the run before; they take what is new in @recipe */
  const char *folder;       /* (nullable) */
  gboolean resume;
  const char *branch_folder; /* (nullable): of a run from which it goes on, after @branch_synthesis there; it waits then */
  guint branch_synthesis;
  gboolean goes;    /* at once, also in a window whose runs wait */
  const char *news; /* (nullable): what to say once it has started: of test data that it goes without, or where it begins */
} WorkbenchStart;

/* A run in place of what is shown; when it cannot start, that is shown further, a banner says why, and FALSE is returned. */
gboolean workbench_window_start (WorkbenchWindow *self, const WorkbenchStart *start);
/* The preference says what pictures may take where neither the recipe nor a person who turned the dial does, and bounds what those say. @dials:
 * (nullable): follow */
void workbench_window_limit_history (DfkdRecipe *recipe, WorkbenchDials *dials);
/* where the next run computes: as the command line says, else the preferences. @threads: (out). Returns: (transfer full) */
char *workbench_window_choose_device (WorkbenchWindow *self, guint *threads);
/* Likewise, but asks first when that would lose something. @recent: (nullable): a file to list when it has started */
void workbench_window_start_asking (WorkbenchWindow *self, const WorkbenchStart *start, const char *recent);
gboolean workbench_window_would_lose (WorkbenchWindow *self);
/* whether its run waits for the first step */
gboolean workbench_window_waits (WorkbenchWindow *self);
/* A recipe starts a run, a model too (as teacher of the recipe that is shown), the folder of a run is shown: in
 * a window of its own while this one's run goes on. What cannot be opened is said
 * in a banner, what is shown stays, and FALSE is returned. */
gboolean workbench_window_open (WorkbenchWindow *self, const char *path);
/* several, as far as there is room for them in one window: the first recipe, model or run, and runs beside it; experiments have windows of their
 * own. What was left is named. Returns: whether any was opened */
gboolean workbench_window_open_files (WorkbenchWindow *self, const char *const *paths);
gboolean workbench_window_open_run (WorkbenchWindow *self, const char *folder, GError **error);
/* likewise. Returns: (nullable) (transfer none): the window that shows it then */
WorkbenchWindow *workbench_window_show_run (WorkbenchWindow *self, const char *folder, GError **error);
/* Returns: (nullable) (transfer none): the window in which @folder's run goes on, or has, since it was begun there */
WorkbenchWindow *workbench_window_find_run (WorkbenchWindow *self, const char *folder);
/* where another run can be shown: @self, or a new window where its run goes on or would be lost. Returns: (transfer none) */
WorkbenchWindow *workbench_window_to_look_in (WorkbenchWindow *self);
/* a new run of @syntheses in all that goes on from the run in @folder, which is drawn beside it; it waits. Returns: (nullable) (transfer none): the
 * window that shows it, or says why it could not begin; NULL with an error when there is no such point */
WorkbenchWindow *workbench_window_branch (WorkbenchWindow *self, const char *folder, guint synthesis, guint syntheses, GError **error);
/* a dialog of the desktop, in place of the one that is open; @endings: (array zero-terminated=1): without a point, as @filter_name tells */
void workbench_window_show_chooser (WorkbenchWindow *self, const char *title, GtkFileChooserAction action, const char *const *endings,
                                    const char *filter_name, GCallback on_response);
/* Returns: (nullable) (transfer full): what was chosen; the dialog is gone */
char *workbench_window_take_chosen (WorkbenchWindow *self, int response);
void workbench_window_forget_chooser (WorkbenchWindow *self);
gboolean workbench_window_resume_run (WorkbenchWindow *self, const char *folder, GError **error);
/* says that @path has been written */
void workbench_window_tell_saved (WorkbenchWindow *self, const char *path);
/* likewise that files have not been opened: @names with commas between them */
void workbench_window_tell_left (WorkbenchWindow *self, const char *names);
/* likewise what went wrong with files, all together: takes the problems that were gathered */
void workbench_window_say_problems (WorkbenchWindow *self);
/* at once, or when the run's present step is done; says so then */
gboolean workbench_window_save_student (WorkbenchWindow *self, const char *path, GError **error);
/* all dials as they stand, named as the file, which is then what they are reset to */
gboolean workbench_window_save_recipe (WorkbenchWindow *self, const char *path, GError **error);
/* What has been typed into a control without Enter counts. FALSE when it is no value that is allowed: said in the banner */
gboolean workbench_window_take_typed (WorkbenchWindow *self);
/* after each change of state: no suspending while a run goes on */
void workbench_window_keep_awake (WorkbenchWindow *self);
/** workbench_window_describe_end: what it says of the run that is shown. Returns: (transfer full) */
char *workbench_window_describe_end (WorkbenchWindow *self);
/* a notification that the run has ended or stands still, if it took long and people want one: NULL otherwise. @message: (nullable): why.
 * (transfer full) */
GNotification *workbench_window_notice_of_end (WorkbenchWindow *self, const char *message);
void workbench_window_tell_end (WorkbenchWindow *self, const char *message);
/* TRUE when closing would stop a run or lose its student: a dialog has been opened */
gboolean workbench_window_asks_to_close (WorkbenchWindow *self);
/* TRUE when closing would stop an experiment that runs in a window of this one: that asks */
gboolean workbench_window_asks_for_experiment (WorkbenchWindow *self);
/* from a widget that becomes insensitive the focus goes to the next one, until workbench_window_leave_focus() */
void workbench_window_keep_focus (WorkbenchWindow *self);
void workbench_window_leave_focus (WorkbenchWindow *self);
void workbench_window_class_add_files (GtkWidgetClass *widget_class);
void workbench_window_class_add_experiments (GtkWidgetClass *widget_class);
void workbench_window_class_add_branch (GtkWidgetClass *widget_class);
void workbench_window_class_add_drop (GtkWidgetClass *widget_class);
void workbench_window_init_drop (WorkbenchWindow *self);
void workbench_window_class_add_compare (GtkWidgetClass *widget_class);
/* before any view is shown */
void workbench_window_init_compare (WorkbenchWindow *self);
void workbench_window_dispose_compare (WorkbenchWindow *self);
/* by what is in it: a file whose name does not tell may be a recipe or an experiment */
gboolean workbench_window_is_json (const char *path);
/* a folder of runs with the experiment that they are of, or its file */
gboolean workbench_window_is_experiment (const char *path);
void workbench_window_init_files (WorkbenchWindow *self);
void workbench_window_dispose_files (WorkbenchWindow *self);
/* what is shown from now on: @document: (nullable) */
void workbench_window_set_document (WorkbenchWindow *self, WorkbenchDocument *document);
WorkbenchRun *workbench_window_get_run (WorkbenchWindow *self);
/* size, views and panes as the window before had them; what is changed in this one is kept for the next, and leaves other windows alone */
void workbench_window_bind_settings (WorkbenchWindow *self);
/* a problem, in a banner that stays until it is closed */
void workbench_window_say (WorkbenchWindow *self, const char *message);
/* in passing */
void workbench_window_tell (WorkbenchWindow *self, const char *message);

G_END_DECLS
