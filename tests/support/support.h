/* support.h: what tests of many kinds need. Every function asserts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* the folder and all that is in it */
void remove_folder (const char *path);

/* what a file holds. Returns: (transfer full) */
GBytes *read_bytes (const char *path);

/* makes @folder with a data set in the form of Fashion-MNIST (IDX): for training and for testing @count ≤ 255 images of noise each, as
 * many of every class as of the others */
void write_noise_data (const char *folder, guint count);

/* @error is of this kind and has all of these texts in its message, ended by NULL; it is cleared. assert_says() is for the engine's own */
void assert_error_says (GError **error, GQuark domain, int code, const char *const *texts);
#define assert_says(error, code, ...) assert_error_says (error, DFKD_ERROR, code, (const char *const[]){ __VA_ARGS__, NULL })

typedef struct {
  guint timeout, tick;
} Turning;

/* @awaited: (static): what is waited for, and where; told when it does not come within a minute */
Turning begin_turning (const char *awaited);
void end_turning (Turning turning);

/* turns the main loop until the condition holds; the test fails after a minute. What does not wake the loop is looked at all the same. */
#define TURN_UNTIL(condition) \
  do \
    { \
      Turning turning_ = begin_turning (G_STRLOC ": " #condition); \
      while (!(condition)) \
        g_main_context_iteration (NULL, TRUE); \
      end_turning (turning_); \
    } \
  while (0)

/* seconds of processor that this thread has used: what work costs, however busy the machine is */
double thread_seconds (void);

/* turns the main loop for some milliseconds */
void turn_for (guint milliseconds);

G_END_DECLS
