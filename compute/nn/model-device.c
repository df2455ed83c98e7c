/* model-device.c: a model's weights between the host and blocks of a device. */
#include "model-file.h"

static gboolean
check_blocks (const DfkdModel *model, const DfkdBlock *parameters, const DfkdBlock *state)
{
  return parameters->bytes == model->network->parameters->bytes && state->bytes == model->network->state->bytes;
}

gboolean
dfkd_model_upload (const DfkdModel *model, DfkdDevice *device, DfkdBlock *parameters, DfkdBlock *state, GError **error)
{
  g_return_val_if_fail (check_blocks (model, parameters, state), FALSE);
  return dfkd_device_write (device, parameters, 0, model->parameters, parameters->bytes, error)
         && (state->bytes == 0 || dfkd_device_write (device, state, 0, model->state, state->bytes, error));
}

gboolean
dfkd_model_place (DfkdModel *model, DfkdDevice *device, GError **error)
{
  DfkdBlock *parameters = model->network->parameters, *state = model->network->state;

  return dfkd_device_allocate (device, parameters, error) && (state->bytes == 0 || dfkd_device_allocate (device, state, error))
         && dfkd_model_upload (model, device, parameters, state, error);
}

gboolean
dfkd_model_download (DfkdModel *model, DfkdDevice *device, DfkdBlock *parameters, DfkdBlock *state, GError **error)
{
  g_return_val_if_fail (check_blocks (model, parameters, state), FALSE);
  return dfkd_device_read (device, parameters, 0, model->parameters, parameters->bytes, error)
         && (state->bytes == 0 || dfkd_device_read (device, state, 0, model->state, state->bytes, error));
}
