/* bad-driver.h: a driver that does what some drivers do: for tests linked with it, Vulkan's functions are its own first, and go on to the
 * real ones. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** BadDriver: all zero: it does nothing of its own. */
typedef struct {
  gboolean loses_matrices; /* the device is lost once a kernel of cooperative matrices was made */
  gboolean lost;           /* it is */
} BadDriver;

extern BadDriver bad_driver;

G_END_DECLS
