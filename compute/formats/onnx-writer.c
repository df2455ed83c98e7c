/* onnx-writer.c: ONNX messages, filled and packed. A message is allocated as unpacking would, so that protobuf-c frees it. */
#include "onnx-writer.h"

#include "atomic-file.h"
#include "errors.h"
#include "onnx.pb-c.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  IR_VERSION = 8,
  OPSET = 17,
};

struct _DfkdOnnxWriter
{
  Onnx__ModelProto model;
};

/* @array with room for one more than @count pointers */
static gpointer
grow (gpointer array, gsize count)
{
  return (count & (count - 1)) == 0 || count == 0 ? g_realloc_n (array, MAX (2 * count, 1), sizeof (gpointer)) : array;
}

#define APPEND(message, field, item)                                                                                             \
  G_STMT_START                                                                                                                   \
  {                                                                                                                              \
    (message)->field = grow ((message)->field, (message)->n_##field);                                                            \
    (message)->field[(message)->n_##field++] = (item);                                                                           \
  }                                                                                                                              \
  G_STMT_END

#define NEW(Type, init) ((Type *) initialise (g_new (Type, 1), (void (*) (gpointer)) (void (*) (void)) init))

static gpointer
initialise (gpointer message, void (*init) (gpointer message))
{
  init (message);
  return message;
}

DfkdOnnxWriter *
dfkd_onnx_writer_new (const char *graph_name)
{
  DfkdOnnxWriter *writer = g_new0 (DfkdOnnxWriter, 1);
  Onnx__OperatorSetIdProto *opset = NEW (Onnx__OperatorSetIdProto, onnx__operator_set_id_proto__init);

  onnx__model_proto__init (&writer->model);
  writer->model.has_ir_version = TRUE;
  writer->model.ir_version = IR_VERSION;
  writer->model.producer_name = g_strdup ("dfkd");
  writer->model.producer_version = g_strdup (DFKD_VERSION);
  writer->model.graph = NEW (Onnx__GraphProto, onnx__graph_proto__init);
  writer->model.graph->name = g_strdup (graph_name);
  opset->domain = g_strdup ("");
  opset->has_version = TRUE;
  opset->version = OPSET;
  APPEND (&writer->model, opset_import, opset);
  return writer;
}

void
dfkd_onnx_writer_free (DfkdOnnxWriter *writer)
{
  if (writer != NULL)
    onnx__model_proto__free_unpacked (&writer->model, NULL); /* the model is the writer's first member */
}

void
dfkd_onnx_writer_add_metadata (DfkdOnnxWriter *writer, const char *key, const char *value)
{
  Onnx__StringStringEntryProto *entry = NEW (Onnx__StringStringEntryProto, onnx__string_string_entry_proto__init);

  entry->key = g_strdup (key);
  entry->value = g_strdup (value);
  APPEND (&writer->model, metadata_props, entry);
}

/* ------------------------------------------------------------------------------------------------ tensors */

static Onnx__ValueInfoProto *
new_value (const char *name, const gsize *dims, guint rank)
{
  Onnx__ValueInfoProto *value = NEW (Onnx__ValueInfoProto, onnx__value_info_proto__init);
  Onnx__TypeProto__Tensor *tensor = NEW (Onnx__TypeProto__Tensor, onnx__type_proto__tensor__init);

  value->name = g_strdup (name);
  value->type = NEW (Onnx__TypeProto, onnx__type_proto__init);
  value->type->tensor_type = tensor;
  tensor->has_elem_type = TRUE;
  tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
  tensor->shape = NEW (Onnx__TensorShapeProto, onnx__tensor_shape_proto__init);
  for (guint i = 0; i < rank; i++)
    {
      Onnx__TensorShapeProto__Dimension *dimension
          = NEW (Onnx__TensorShapeProto__Dimension, onnx__tensor_shape_proto__dimension__init);

      dimension->has_dim_value = dims[i] > 0;
      dimension->dim_value = (gint64) dims[i];
      dimension->dim_param = dims[i] > 0 ? NULL : g_strdup ("N");
      APPEND (tensor->shape, dim, dimension);
    }
  return value;
}

void
dfkd_onnx_writer_add_input (DfkdOnnxWriter *writer, const char *name, const gsize *dims, guint rank)
{
  APPEND (writer->model.graph, input, new_value (name, dims, rank));
}

void
dfkd_onnx_writer_add_output (DfkdOnnxWriter *writer, const char *name, const gsize *dims, guint rank)
{
  APPEND (writer->model.graph, output, new_value (name, dims, rank));
}

/* an initialiser with room for @count elements of @bytes, little-endian in files */
static guint8 *
add_initialiser (DfkdOnnxWriter *writer, const char *name, Onnx__TensorProto__DataType type, const gsize *dims, guint rank,
                 gsize bytes)
{
  Onnx__TensorProto *tensor = NEW (Onnx__TensorProto, onnx__tensor_proto__init);
  gsize count = 1;

  tensor->dims = g_new (int64_t, MAX (rank, 1));
  tensor->n_dims = rank;
  for (guint i = 0; i < rank; i++)
    {
      tensor->dims[i] = (gint64) dims[i];
      count *= dims[i];
    }
  tensor->has_data_type = TRUE;
  tensor->data_type = (gint32) type;
  tensor->name = g_strdup (name);
  tensor->has_raw_data = TRUE;
  tensor->raw_data.len = count * bytes;
  tensor->raw_data.data = g_malloc_n (count, bytes);
  APPEND (writer->model.graph, initializer, tensor);
  return tensor->raw_data.data;
}

void
dfkd_onnx_writer_add_floats (DfkdOnnxWriter *writer, const char *name, const gsize *dims, guint rank, const float *values)
{
  guint8 *out = add_initialiser (writer, name, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, dims, rank, sizeof (float));
  gsize count = 1;

  for (guint i = 0; i < rank; i++)
    count *= dims[i];
  for (gsize i = 0; i < count; i++)
    {
      guint32 word;

      memcpy (&word, values + i, sizeof word);
      word = GUINT32_TO_LE (word);
      memcpy (out + i * sizeof word, &word, sizeof word);
    }
}

void
dfkd_onnx_writer_add_integers (DfkdOnnxWriter *writer, const char *name, const gint64 *values, gsize count)
{
  guint8 *out = add_initialiser (writer, name, ONNX__TENSOR_PROTO__DATA_TYPE__INT64, &count, 1, sizeof (gint64));

  for (gsize i = 0; i < count; i++)
    {
      gint64 word = GINT64_TO_LE (values[i]);

      memcpy (out + i * sizeof word, &word, sizeof word);
    }
}

/* -------------------------------------------------------------------------------------------------- nodes */

DfkdOnnxNode *
dfkd_onnx_writer_add_node (DfkdOnnxWriter *writer, const char *type, const char *const *inputs, gsize n, const char *output)
{
  Onnx__NodeProto *node = NEW (Onnx__NodeProto, onnx__node_proto__init);

  for (gsize i = 0; i < n; i++)
    APPEND (node, input, g_strdup (inputs[i]));
  APPEND (node, output, g_strdup (output));
  node->name = g_strdup (output);
  node->op_type = g_strdup (type);
  APPEND (writer->model.graph, node, node);
  return (DfkdOnnxNode *) node;
}

static Onnx__AttributeProto *
add_attribute (DfkdOnnxNode *node, const char *name, Onnx__AttributeProto__AttributeType type)
{
  Onnx__AttributeProto *attribute = NEW (Onnx__AttributeProto, onnx__attribute_proto__init);

  attribute->name = g_strdup (name);
  attribute->has_type = TRUE;
  attribute->type = type;
  APPEND ((Onnx__NodeProto *) node, attribute, attribute);
  return attribute;
}

void
dfkd_onnx_node_set_integer (DfkdOnnxNode *node, const char *name, gint64 value)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

  attribute->has_i = TRUE;
  attribute->i = value;
}

void
dfkd_onnx_node_set_integers (DfkdOnnxNode *node, const char *name, const gint64 *values, gsize count)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

  attribute->ints = g_new (int64_t, MAX (count, 1));
  attribute->n_ints = count;
  for (gsize i = 0; i < count; i++)
    attribute->ints[i] = values[i];
}

void
dfkd_onnx_node_set_number (DfkdOnnxNode *node, const char *name, float value)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

  attribute->has_f = TRUE;
  attribute->f = value;
}

void
dfkd_onnx_node_set_text (DfkdOnnxNode *node, const char *name, const char *value)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

  attribute->has_s = TRUE;
  attribute->s.len = strlen (value);
  attribute->s.data = (guint8 *) g_strdup (value);
}

gboolean
dfkd_onnx_writer_write (DfkdOnnxWriter *writer, const char *path, GError **error)
{
  const gsize size = onnx__model_proto__get_packed_size (&writer->model);
  g_autoptr (GBytes) bytes = NULL;
  guint8 *packed;

  if (size > G_MAXINT32)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s: the model takes %zu bytes, an ONNX file holds at most %d; save it as safetensors"), path, size,
                   G_MAXINT32);
      return FALSE;
    }
  packed = g_malloc (size);
  onnx__model_proto__pack (&writer->model, packed);
  bytes = g_bytes_new_take (packed, size);
  return dfkd_atomic_write (path, &bytes, 1, error);
}
