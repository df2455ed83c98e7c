/* emit-group.c: reductions on real GPUs: a work group for each part, so that there are at most two passes.
 *
 * How many parts there are follows from the shape and the device's limits, so the order of additions is the
 * same on every run. */
#include "emit.h"

enum
{
  WANTED_GROUPS = 512, /* work groups that keep a large GPU busy */
  ROWS_EACH = 4,       /* fewer rows an invocation are not worth another part */
  WIDE = 16,           /* so many columns side by side fill whole memory transactions */
};

typedef struct
{
  guint32 threads, columns; /* of a work group */
  gsize blocks, parts;
} Group;

static guint32
threads_of (DfkdVulkan *vulkan)
{
  const VkPhysicalDeviceLimits *limits = &vulkan->properties.limits;

  return MIN (limits->maxComputeWorkGroupInvocations, limits->maxComputeWorkGroupSize[0]) >= 256
             ? 256
             : DFKD_VULKAN_GROUP_SIZE;
}

/* the power of two that holds @count, at most @most */
static guint32
width_of (gsize count, guint32 most)
{
  guint32 width = 1;

  while (width < most && width < count)
    width *= 2;
  return width;
}

/* @columns: in fours where the shader takes fours; @last: one part */
static Group
group_of (DfkdVulkan *vulkan, gsize rows, gsize columns, gboolean last)
{
  Group group = { .threads = threads_of (vulkan), .columns = width_of (columns, WIDE), .parts = 1 };
  gsize each = group.threads / group.columns * ROWS_EACH;

  group.blocks = (columns + group.columns - 1) / group.columns;
  if (!last)
    group.parts = CLAMP (WANTED_GROUPS / group.blocks, 1, MAX (rows / each, 1));
  return group;
}

static void
begin (DfkdVulkanRecorder *r, const char *shader, gboolean fours, const Group *group)
{
  g_autofree char *name
      = g_strconcat (shader, fours ? "-4" : "", r->vulkan->subgroups ? "-subgroups" : "", NULL);

  dfkd_dispatch_begin (r, name);
  dfkd_dispatch_constant (r, group->threads);
  dfkd_dispatch_constant (r, group->columns);
}

static void
push_group (DfkdVulkanRecorder *r, gsize rows, gsize columns, const Group *group)
{
  dfkd_dispatch_uint (r, rows);
  dfkd_dispatch_uint (r, columns);
  dfkd_dispatch_uint (r, group->parts);
  dfkd_dispatch_uint (r, group->blocks);
}

/* what the parts of @values results a column want */
static gsize
parts_bytes (DfkdVulkan *vulkan, gsize rows, gsize columns, gsize values)
{
  Group group = group_of (vulkan, rows, columns / dfkd_lanes (columns), FALSE);

  return group.parts == 1 ? 0 : dfkd_aligned (values * group.parts * columns * sizeof (float));
}

gsize
dfkd_column_sums_group_workspace (DfkdVulkan *vulkan, gsize rows, gsize columns)
{
  return parts_bytes (vulkan, rows, columns, 1);
}

void
dfkd_emit_column_sums_group (DfkdVulkanRecorder *r, const DfkdPlace *in, gsize rows, gsize columns,
                             const DfkdPlace *out, const DfkdPlace *workspace, float scale, gboolean square,
                             gboolean root)
{
  gsize lanes = dfkd_lanes (columns);
  DfkdPlace source = *in;

  for (gboolean first = TRUE, last = FALSE; !last; first = FALSE)
    {
      Group group = group_of (r->vulkan, rows, columns / lanes, !first);
      DfkdPlace target;

      last = group.parts == 1;
      target = last ? *out : dfkd_place_part (workspace, 0, group.parts * columns * sizeof (float));
      begin (r, "column-sums-group", lanes == 4, &group);
      dfkd_dispatch_read (r, &source);
      dfkd_dispatch_write (r, &target);
      push_group (r, rows, columns / lanes, &group);
      dfkd_dispatch_float (r, last ? scale : 1.0f);
      dfkd_dispatch_uint (r, (first && square ? 1 : 0) | (last && root ? 2 : 0));
      dfkd_dispatch_groups (r, group.parts * group.blocks);
      source = target;
      rows = group.parts;
    }
}

gsize
dfkd_bn_statistics_group_workspace (DfkdVulkan *vulkan, gsize rows, gsize channels)
{
  return parts_bytes (vulkan, rows, channels, 3);
}

void
dfkd_emit_bn_statistics_group (DfkdVulkanRecorder *r, const DfkdStep *step, gsize rows, gsize channels)
{
  gsize lanes = dfkd_lanes (channels);
  DfkdPlace source = step->input[0];

  for (gboolean first = TRUE, last = FALSE; !last; first = FALSE)
    {
      Group group = group_of (r->vulkan, rows, channels / lanes, !first);
      DfkdPlace target;

      last = group.parts == 1;
      target = last ? step->output
                    : dfkd_place_part (&step->workspace, 0, 3 * group.parts * channels * sizeof (float));
      begin (r, "bn-statistics-group", lanes == 4, &group);
      dfkd_dispatch_read (r, &source);
      dfkd_dispatch_write (r, &target);
      push_group (r, rows, channels / lanes, &group);
      dfkd_dispatch_uint (r, first ? 1 : 0);
      dfkd_dispatch_groups (r, group.parts * group.blocks);
      source = target;
      rows = group.parts;
    }
}

/* the parts of the two sums, then column sums over 2·C columns */
gsize
dfkd_bn_sums_group_workspace (DfkdVulkan *vulkan, gsize rows, gsize channels)
{
  Group group = group_of (vulkan, rows, channels / dfkd_lanes (channels), FALSE);
  gsize bytes = parts_bytes (vulkan, rows, channels, 2);

  return bytes == 0 ? 0 : bytes + dfkd_column_sums_workspace (vulkan, group.parts, 2 * channels);
}

void
dfkd_emit_bn_sums_group (DfkdVulkanRecorder *r, const DfkdStep *step, gsize rows, gsize channels)
{
  gsize lanes = dfkd_lanes (channels), bytes;
  Group group = group_of (r->vulkan, rows, channels / lanes, FALSE);
  DfkdPlace target = step->output, rest;

  bytes = 2 * group.parts * channels * sizeof (float);
  if (group.parts > 1)
    target = dfkd_place_part (&step->workspace, 0, bytes);
  begin (r, "bn-sums-group", lanes == 4, &group);
  for (guint i = 0; i < 4; i++)
    dfkd_dispatch_read (r, &step->input[i]);
  dfkd_dispatch_write (r, &target);
  push_group (r, rows, channels / lanes, &group);
  dfkd_dispatch_float (r, step->attributes.norm.epsilon);
  dfkd_dispatch_float (r, step->attributes.norm.slope);
  dfkd_dispatch_groups (r, group.parts * group.blocks);
  if (group.parts == 1)
    return;
  rest = dfkd_place_part (&step->workspace, dfkd_aligned (bytes), step->workspace.bytes - dfkd_aligned (bytes));
  dfkd_emit_column_sums (r, &target, group.parts, 2 * channels, &step->output, &rest, 1.0f, FALSE, FALSE);
}

void
dfkd_begin_rows_group (DfkdVulkanRecorder *r, const char *shader, gsize channels)
{
  Group group = { .threads = threads_of (r->vulkan), .columns = width_of (channels, 32) };

  begin (r, shader, FALSE, &group);
}

void
dfkd_end_rows_group (DfkdVulkanRecorder *r, gsize rows, gsize channels)
{
  gsize at_once = threads_of (r->vulkan) / width_of (channels, 32);

  dfkd_dispatch_groups (r, (rows + at_once - 1) / at_once);
}
