/* recognise.c: describing the networks of the table until one has a file's tensors. */
#include "recognise.h"

#include "model-file-private.h"

#include <string.h>

enum {
  USUAL_SIZE = 32,
  LARGEST_SIZE = 512,
};

typedef struct {
  const DfkdTensorFile *file;
  const char *prefix;
} Tensors;

static const gsize sizes[] = { USUAL_SIZE, 28, 64, 96, 128, 160, 224, 256, 299 };

/* the sizes that dimensions of tensors are proportional to, and what they are guessed to be */
static const struct {
  gsize offset; /* of the field */
  gsize guess, other;
} fields[] = {
  { G_STRUCT_OFFSET (DfkdNetworkOptions, channels), 3, 1 },
  { G_STRUCT_OFFSET (DfkdNetworkOptions, classes), 10, 100 },
  { G_STRUCT_OFFSET (DfkdNetworkOptions, nz), 64, 128 },
  { G_STRUCT_OFFSET (DfkdNetworkOptions, ngf), 32, 64 },
};

static gsize *
field_of (DfkdNetworkOptions *options, guint field)
{
  return G_STRUCT_MEMBER_P (options, fields[field].offset);
}

static const DfkdNetworkTensor *
get_tensor (const DfkdNetwork *network, guint index)
{
  return &g_array_index (network->tensors, DfkdNetworkTensor, index);
}

static const DfkdTensorEntry *
look_up (const Tensors *tensors, const char *name)
{
  g_autofree char *full = g_strconcat (tensors->prefix, name, NULL);

  return dfkd_tensor_file_lookup (tensors->file, full);
}

/* all names of the network are in the file, and no others */
static gboolean
same_names (const Tensors *tensors, const DfkdNetwork *network)
{
  gsize found = 0;

  for (guint i = 0; i < network->tensors->len; i++)
    if (look_up (tensors, get_tensor (network, i)->name) != NULL)
      found++;
    else if (get_tensor (network, i)->home != DFKD_HOME_COUNTER)
      return FALSE;
  return found == dfkd_tensor_file_count (tensors->file);
}

static gboolean
same_shapes (const Tensors *tensors, const DfkdNetwork *network)
{
  for (guint i = 0; i < network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = get_tensor (network, i);

      if (tensor->home != DFKD_HOME_COUNTER && !dfkd_model_same_shape (look_up (tensors, tensor->name), &tensor->shape))
        return FALSE;
    }
  return TRUE;
}

/* Where two descriptions of a network differ first: in which tensor, and in which of its dimensions. */
static gboolean
find_difference (const DfkdNetwork *one, const DfkdNetwork *other, guint *tensor, guint *dimension)
{
  for (*tensor = 0; *tensor < MIN (one->tensors->len, other->tensors->len); (*tensor)++)
    {
      const DfkdShape *a = &get_tensor (one, *tensor)->shape, *b = &get_tensor (other, *tensor)->shape;

      for (*dimension = 0; *dimension < MIN (a->rank, b->rank); (*dimension)++)
        if (a->dim[*dimension] != b->dim[*dimension])
          return TRUE;
    }
  return FALSE;
}

/* The value of a field for which the dimension that grows with it is the file's; 0 when there is none. */
static gsize
solve (const Tensors *tensors, const char *name, const DfkdNetwork *guessed, guint field)
{
  DfkdNetworkOptions options = guessed->options;
  g_autoptr (DfkdNetwork) other = NULL;
  const DfkdTensorEntry *entry;
  guint tensor, dimension;
  double growth, value;

  *field_of (&options, field) = fields[field].other;
  other = dfkd_network_new (name, &options, NULL);
  if (other == NULL || !find_difference (guessed, other, &tensor, &dimension))
    return 0;
  entry = look_up (tensors, get_tensor (guessed, tensor)->name);
  if (entry == NULL || dimension >= entry->rank)
    return 0;
  growth
      = ((double) get_tensor (other, tensor)->shape.dim[dimension] - (double) get_tensor (guessed, tensor)->shape.dim[dimension])
        / ((double) fields[field].other - (double) fields[field].guess);
  value = (double) fields[field].guess
          + ((double) entry->dims[dimension] - (double) get_tensor (guessed, tensor)->shape.dim[dimension]) / growth;
  return value >= 1.0 && value < 1e6 && value == (double) (gsize) value ? (gsize) value : 0;
}

static DfkdNetworkOptions
guess (const DfkdNetworkOptions *known, gsize size)
{
  DfkdNetworkOptions options = *known;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (*field_of (&options, i) == 0)
      *field_of (&options, i) = fields[i].guess;
  options.height = options.height != 0 ? options.height : size;
  options.width = options.width != 0 ? options.width : options.height;
  return options;
}

/* (nullable): the network with guesses for what is not known */
static DfkdNetwork *
describe (const char *name, const DfkdNetworkOptions *known, gsize size)
{
  const DfkdNetworkOptions options = guess (known, size);

  return dfkd_network_new (name, &options, NULL);
}

/* Fills @options for images of @size; FALSE when the network then differs from the file. */
static gboolean
try_size (const Tensors *tensors, const char *name, const DfkdNetworkOptions *known, gsize size, DfkdNetworkOptions *options)
{
  g_autoptr (DfkdNetwork) guessed = describe (name, known, size), network = NULL;

  if (guessed == NULL)
    return FALSE;
  *options = *known;
  options->height = guessed->options.height;
  options->width = guessed->options.width;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (*field_of (options, i) == 0)
      *field_of (options, i) = solve (tensors, name, guessed, i);
  network = dfkd_network_new (name, options, NULL);
  return network != NULL && same_names (tensors, network) && same_shapes (tensors, network);
}

/* Whether shapes of tensors change with the size of images. */
static gboolean
depends_on_size (const char *name, const DfkdNetworkOptions *known, const DfkdNetwork *guessed)
{
  guint tensor, dimension;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (DfkdNetwork) other = sizes[i] != guessed->options.height ? describe (name, known, sizes[i]) : NULL;

      if (other != NULL)
        return find_difference (guessed, other, &tensor, &dimension);
    }
  return FALSE;
}

static gsize
next_size (guint attempt)
{
  return attempt < G_N_ELEMENTS (sizes) ? sizes[attempt] : 4 * (attempt - G_N_ELEMENTS (sizes) + 1);
}

gboolean
dfkd_recognise_sizes (const DfkdTensorFile *file, const char *prefix, const char *network, DfkdNetworkOptions *options)
{
  const Tensors tensors = { file, prefix };
  const DfkdNetworkOptions known = *options;
  DfkdNetworkOptions first = { 0 };
  gboolean described = FALSE;

  for (guint i = 0; next_size (i) <= LARGEST_SIZE; i++)
    {
      g_autoptr (DfkdNetwork) guessed = describe (network, &known, next_size (i));

      if (guessed == NULL)
        continue;
      if (!described && !same_names (&tensors, guessed))
        {
          try_size (&tensors, network, &known, next_size (i), options); /* as far as they tell */
          *options = guess (options, next_size (i));
          return FALSE;
        }
      if (try_size (&tensors, network, &known, next_size (i), options))
        return TRUE;
      if (described)
        continue;
      described = TRUE;
      first = *options;
      if (known.height != 0 || !depends_on_size (network, &known, guessed))
        break;
    }
  *options = guess (described ? &first : &known, USUAL_SIZE);
  return FALSE;
}

/* (nullable): wide residual networks of sizes outside the table: depth by the blocks of a group, width by their channels */
static const char *
name_wide_resnet (const Tensors *tensors)
{
  const DfkdTensorEntry *first = look_up (tensors, "block1.layer.0.conv1.weight");
  g_autofree char *name = NULL;
  guint blocks = 0;

  if (first == NULL || first->rank != 4)
    return NULL;
  for (gboolean found = TRUE; found; blocks += found)
    {
      g_autofree char *next = g_strdup_printf ("block1.layer.%u.conv1.weight", blocks);

      found = look_up (tensors, next) != NULL;
    }
  name = g_strdup_printf ("wrn%u_%zu", 6 * blocks + 4, first->dims[0] / 16);
  return g_intern_string (name);
}

static void
try_name (const Tensors *tensors, const char *name, const DfkdNetworkOptions *known, GPtrArray *fitting, DfkdNetworkOptions *options)
{
  DfkdNetworkOptions found = *known;

  if (!dfkd_recognise_sizes (tensors->file, tensors->prefix, name, &found))
    return;
  if (fitting->len == 0)
    *options = found;
  g_ptr_array_add (fitting, (gpointer) name);
}

const char **
dfkd_recognise (const DfkdTensorFile *file, const char *prefix, DfkdNetworkOptions *options)
{
  GPtrArray *fitting = g_ptr_array_new ();
  const Tensors tensors = { file, prefix };
  const DfkdNetworkOptions known = *options;
  const char *wide = name_wide_resnet (&tensors);

  for (guint generators = 0; generators < 2; generators++)
    for (const char *const *name = dfkd_network_names (generators == 1); *name != NULL; name++)
      try_name (&tensors, *name, &known, fitting, options);
  if (wide != NULL && fitting->len == 0)
    try_name (&tensors, wide, &known, fitting, options);
  g_ptr_array_add (fitting, NULL);
  return (const char **) g_ptr_array_free (fitting, FALSE);
}

static gboolean
all_begin_with (const DfkdTensorFile *file, const char *prefix)
{
  for (gsize i = 0; i < dfkd_tensor_file_count (file); i++)
    if (!g_str_has_prefix (dfkd_tensor_file_get (file, i)->name, prefix))
      return FALSE;
  return dfkd_tensor_file_count (file) > 0;
}

char *
dfkd_recognise_prefix (const DfkdTensorFile *file)
{
  static const char *const wrappers[] = { "module.", "_orig_mod.", "model.", "net.", "network.", "teacher.", "student." };
  GString *prefix = g_string_new (NULL);
  gboolean longer = TRUE;

  while (longer)
    {
      longer = FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (wrappers) && !longer; i++)
        {
          const gsize length = prefix->len;

          g_string_append (prefix, wrappers[i]);
          longer = all_begin_with (file, prefix->str);
          if (!longer)
            g_string_truncate (prefix, length);
        }
    }
  return g_string_free (prefix, FALSE);
}

char *
dfkd_recognise_shared_prefix (const DfkdTensorFile *file, const char *prefix)
{
  const char *name = dfkd_tensor_file_count (file) > 0 ? dfkd_tensor_file_get (file, 0)->name : NULL;
  const char *dot = name != NULL ? strchr (name + strlen (prefix), '.') : NULL;
  g_autofree char *longer = dot != NULL ? g_strndup (name, (gsize) (dot + 1 - name)) : NULL;

  return longer != NULL && all_begin_with (file, longer) ? g_steal_pointer (&longer) : NULL;
}
