/* bad-driver.h: a driver that does what some drivers do: for tests linked with it, Vulkan's functions are its own first, and go on to the
 * real ones. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  STAMPS_GOOD,
  STAMPS_NOT_READY, /* unless they are waited for */
  STAMPS_NEVER,
  STAMPS_ZERO,
  STAMPS_LAST_ZERO,
  STAMPS_BACKWARDS,
  STAMPS_FAR_APART,
  N_STAMPS,
} Stamps;

/** BadDriver: all zero: it does nothing of its own. */
typedef struct {
  gboolean loses_matrices; /* the device is lost once a kernel of cooperative matrices was made */
  gboolean lost;           /* it is */
  guint works;             /* of all kernels made for tiles only those for so many rows and columns do what they should, others nothing */
  guint ends;              /* who has a kernel made for tiles of so many rows and columns is ended */
  gboolean old_moltenvk;   /* it is a GPU's, and by what it says of itself MoltenVK 1.2.11 */
  gboolean twice;          /* each device is listed once more, behind all */
  guint refused;           /* so many devices are not made */
  Stamps stamps;
  gboolean small_heap;     /* the device's own memory is full; the host's has a type besides, and AMD's are listed before others */
  gboolean asked_for_amds; /* one of these was asked for */
} BadDriver;

extern BadDriver bad_driver;

G_END_DECLS
