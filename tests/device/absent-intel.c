/* absent-intel.c: the part of Linux's interface to Intel's cards that Mesa's driver asks before it makes a pipeline.
 *
 * Loaded before it (LD_PRELOAD) together with absent-card.c, which stands for all that a card would do later, it lets the driver find a card by the number
 * that INTEL_CARD has (0x9a49: Tiger Lake). The card has six subslices of sixteen units and 16 GiB of memory, takes every
 * command, and does nothing. What is asked and not known here is answered with success. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <i915_drm.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <xf86drm.h>

#define PRIMARY "/dev/dri/absent0"
#define RENDER "/dev/dri/absent1" /* the driver has room for 19 letters */
#define NEXT(name, type) ((type) dlsym (RTLD_NEXT, name))

enum {
  SUBSLICES = 6,
  UNITS = 16,
  TICKS = 19200000, /* of a timestamp, a second */
  PAGE = 65536,
  MOST_OBJECTS = 65536,
  MAJOR = 226, /* of /dev/dri */
};

static const guint64 room = (guint64) 1 << 40, memory = (guint64) 16 << 30;

static guint64 offsets[MOST_OBJECTS], used;
static guint32 handles;

static int
card (void)
{
  const char *number = g_getenv ("INTEL_CARD");

  return (int) g_ascii_strtoll (number != NULL ? number : "0x9a49", NULL, 0);
}

/* ---------------------------------------------------------------------------------------------------- libdrm */

int
drmGetDevices2 (uint32_t flags, drmDevicePtr devices[], int most)
{
  if (devices == NULL || most < 1)
    return 1;
  devices[0] = g_new0 (drmDevice, 1);
  devices[0]->nodes = g_new0 (char *, DRM_NODE_MAX);
  devices[0]->nodes[DRM_NODE_PRIMARY] = (char *) PRIMARY;
  devices[0]->nodes[DRM_NODE_RENDER] = (char *) RENDER;
  devices[0]->available_nodes = 1 << DRM_NODE_PRIMARY | 1 << DRM_NODE_RENDER;
  devices[0]->bustype = DRM_BUS_PCI;
  devices[0]->businfo.pci = g_new0 (drmPciBusInfo, 1);
  devices[0]->deviceinfo.pci = g_new0 (drmPciDeviceInfo, 1);
  devices[0]->deviceinfo.pci->vendor_id = 0x8086;
  devices[0]->deviceinfo.pci->device_id = (uint16_t) card ();
  return 1;
}

int
drmGetDevice2 (int fd, uint32_t flags, drmDevicePtr *device)
{
  return drmGetDevices2 (flags, device, 1) == 1 ? 0 : -ENODEV;
}

void
drmFreeDevices (drmDevicePtr devices[], int n)
{
}

void
drmFreeDevice (drmDevicePtr *device)
{
}

int
drmGetCap (int fd, uint64_t capability, uint64_t *value)
{
  *value = 1;
  return 0;
}

int
drmSyncobjCreate (int fd, uint32_t flags, uint32_t *handle)
{
  *handle = ++handles;
  return 0;
}

int
drmSyncobjDestroy (int fd, uint32_t handle)
{
  return 0;
}

int
drmSyncobjWait (int fd, uint32_t *objects, unsigned n, int64_t until, unsigned flags, uint32_t *first)
{
  return 0;
}

int
drmSyncobjTimelineWait (int fd, uint32_t *objects, uint64_t *points, unsigned n, int64_t until, unsigned flags, uint32_t *first)
{
  return 0;
}

/* ------------------------------------------------------------------------------------------------------ files */

static gboolean
is_ours (const char *path)
{
  return strcmp (path, PRIMARY) == 0 || strcmp (path, RENDER) == 0;
}

/* objects lie in one file without content, one behind the other */
static int
open_card (void)
{
  static int file = -1;

  if (file < 0 && ((file = memfd_create ("card", MFD_CLOEXEC)) < 0 || ftruncate (file, (off_t) room) != 0))
    return -1;
  return dup (file);
}

int
open64 (const char *path, int flags, ...)
{
  mode_t mode;
  va_list more;

  va_start (more, flags);
  mode = (mode_t) va_arg (more, int);
  va_end (more);
  return is_ours (path) ? open_card () : NEXT ("open64", int (*) (const char *, int, ...)) (path, flags, mode);
}

int
stat64 (const char *path, struct stat64 *status)
{
  if (!is_ours (path))
    return NEXT ("stat64", int (*) (const char *, struct stat64 *)) (path, status);
  *status = (struct stat64){ .st_mode = S_IFCHR | 0666, .st_rdev = makedev (MAJOR, strcmp (path, RENDER) == 0 ? 128 : 0) };
  return 0;
}

/* -------------------------------------------------------------------------------------------------- questions */

static int
parameter (const struct drm_i915_getparam *ask)
{
  switch (ask->param)
    {
    case I915_PARAM_CHIPSET_ID:
      *ask->value = card ();
      break;
    case I915_PARAM_CS_TIMESTAMP_FREQUENCY:
      *ask->value = TICKS;
      break;
    case I915_PARAM_SUBSLICE_MASK:
      *ask->value = (1 << SUBSLICES) - 1;
      break;
    case I915_PARAM_SUBSLICE_TOTAL:
      *ask->value = SUBSLICES;
      break;
    case I915_PARAM_EU_TOTAL:
      *ask->value = SUBSLICES * UNITS;
      break;
    case I915_PARAM_MMAP_GTT_VERSION:
      *ask->value = 4; /* objects are mapped by an offset */
      break;
    case I915_PARAM_HAS_ALIASING_PPGTT:
      *ask->value = 3; /* each context has its own addresses */
      break;
    case I915_PARAM_CMD_PARSER_VERSION:
      *ask->value = 10;
      break;
    default:
      *ask->value = 1;
    }
  return 0;
}

/* A first call asks for the length, a second one for the answer. */
static gboolean
asks_for_length (struct drm_i915_query_item *item, gsize length)
{
  if (item->length > 0)
    return FALSE;
  item->length = (gint32) length;
  return TRUE;
}

static void
topology (struct drm_i915_query_item *item)
{
  enum { STRIDE = UNITS / 8 };
  struct drm_i915_query_topology_info *info = (gpointer) (gsize) item->data_ptr;

  if (asks_for_length (item, sizeof *info + 2 + SUBSLICES * STRIDE))
    return;
  *info = (struct drm_i915_query_topology_info){ .max_slices = 1, .max_subslices = SUBSLICES, .max_eus_per_subslice = UNITS, .subslice_offset = 1,
                                                 .subslice_stride = 1, .eu_offset = 2, .eu_stride = STRIDE };
  info->data[0] = 1;
  info->data[1] = (1 << SUBSLICES) - 1;
  memset (info->data + 2, 0xff, SUBSLICES * STRIDE);
}

static void
regions (struct drm_i915_query_item *item)
{
  struct drm_i915_query_memory_regions *info = (gpointer) (gsize) item->data_ptr;

  if (asks_for_length (item, sizeof *info + sizeof info->regions[0]))
    return;
  info->num_regions = 1;
  info->regions[0] = (struct drm_i915_memory_region_info){ .region = { .memory_class = I915_MEMORY_CLASS_SYSTEM }, .probed_size = memory,
                                                           .unallocated_size = memory };
}

static int
query (const struct drm_i915_query *ask)
{
  struct drm_i915_query_item *items = (gpointer) (gsize) ask->items_ptr;

  for (guint i = 0; i < ask->num_items; i++)
    if (items[i].query_id == DRM_I915_QUERY_TOPOLOGY_INFO)
      topology (&items[i]);
    else if (items[i].query_id == DRM_I915_QUERY_MEMORY_REGIONS)
      regions (&items[i]);
    else
      items[i].length = -ENOENT; /* as older kernels say */
  return 0;
}

static guint32
new_object (guint64 size)
{
  guint32 handle = ++handles;

  g_assert (handle < MOST_OBJECTS);
  offsets[handle] = used;
  used += (size + PAGE - 1) / PAGE * PAGE;
  return handle;
}

static int
answer (unsigned long request, gpointer data)
{
  switch (request)
    {
    case DRM_IOCTL_VERSION:
      {
        struct drm_version *version = data;

        if (version->name != NULL && version->name_len >= strlen ("i915"))
          memcpy (version->name, "i915", strlen ("i915"));
        version->version_major = 1;
        version->name_len = strlen ("i915");
        version->date_len = version->desc_len = 0;
        return 0;
      }
    case DRM_IOCTL_I915_GETPARAM:
      return parameter (data);
    case DRM_IOCTL_I915_QUERY:
      return query (data);
    case DRM_IOCTL_I915_GEM_CREATE:
      ((struct drm_i915_gem_create *) data)->handle = new_object (((struct drm_i915_gem_create *) data)->size);
      return 0;
    case DRM_IOCTL_I915_GEM_CREATE_EXT:
      ((struct drm_i915_gem_create_ext *) data)->handle = new_object (((struct drm_i915_gem_create_ext *) data)->size);
      return 0;
    case DRM_IOCTL_I915_GEM_MMAP_OFFSET:
      ((struct drm_i915_gem_mmap_offset *) data)->offset = offsets[((struct drm_i915_gem_mmap_offset *) data)->handle];
      return 0;
    case DRM_IOCTL_I915_GEM_CONTEXT_CREATE:
    case DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT:
      ((struct drm_i915_gem_context_create *) data)->ctx_id = ++handles;
      return 0;
    case DRM_IOCTL_I915_GEM_CONTEXT_GETPARAM:
      {
        struct drm_i915_gem_context_param *ask = data;

        ask->value = ask->param == I915_CONTEXT_PARAM_GTT_SIZE ? (guint64) 1 << 47 : 1;
        return 0;
      }
    case DRM_IOCTL_I915_GEM_VM_CREATE:
      ((struct drm_i915_gem_vm_control *) data)->vm_id = ++handles;
      return 0;
    case DRM_IOCTL_I915_REG_READ: /* the clock */
      ((struct drm_i915_reg_read *) data)->val = 1;
      return 0;
    case DRM_IOCTL_I915_GEM_GET_APERTURE:
      *(struct drm_i915_gem_get_aperture *) data = (struct drm_i915_gem_get_aperture){ memory, memory };
      return 0;
    default:
      return 0;
    }
}

int
ioctl (int fd, unsigned long request, ...)
{
  gpointer data;
  va_list more;

  va_start (more, request);
  data = va_arg (more, gpointer);
  va_end (more);
  return _IOC_TYPE (request) == DRM_IOCTL_BASE ? answer (request, data) : NEXT ("ioctl", int (*) (int, unsigned long, ...)) (fd, request, data);
}

int
drmIoctl (int fd, unsigned long request, void *data)
{
  return answer (request, data);
}
