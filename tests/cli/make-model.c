/* make-model.c: writes a model file with the numbers of filled.h, batch-norm statistics included; without arguments it lists the
 * networks.
 *
 *     make-model NETWORK OUT.safetensors */
#include "../nn/filled.h"
#include "model-file-private.h"

static void
fill (DfkdModel *model)
{
  for (guint i = 0; i < model->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (model->network->tensors, DfkdNetworkTensor, i);
      g_autofree float *values = NULL;

      if (tensor->home == DFKD_HOME_COUNTER)
        continue;
      values = g_new (float, dfkd_shape_count (&tensor->shape));
      filled (tensor->name, &tensor->shape, values);
      dfkd_tensor_to_storage (&tensor->shape, values, dfkd_model_locate (model, tensor));
    }
}

int
main (int argc, char **argv)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 32, .width = 32, .classes = 10 };
  const float mean[] = { 0.5f, 0.25f, 0.125f }, std[] = { 0.25f, 0.5f, 1.0f };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = NULL;
  g_autoptr (DfkdModel) model = NULL;

  if (argc != 3)
    {
      for (const char *const *name = dfkd_network_names (FALSE); *name != NULL; name++)
        g_print ("%s\n", *name);
      return 0;
    }
  network = dfkd_network_new (argv[1], &options, &error);
  if (network == NULL)
    g_error ("%s", error->message);
  model = dfkd_model_new (network, mean, std);
  fill (model);
  if (!dfkd_model_save (model, argv[2], &error))
    g_error ("%s", error->message);
  return 0;
}
