/* model-options.h: what the commands that read a model file let their users say about it. */
#pragma once

#include "command.h"

G_BEGIN_DECLS

typedef struct {
  char *network, *part, *mean, *std, *class_names, *size;
  int classes;
} ModelOptions;

/* rows of a command's table of options */
#define MODEL_OPTIONS(o) \
  { "network", 0, 0, G_OPTION_ARG_STRING, &(o).network, \
    _("the model's network, if its file and its tensors do not say"), "NAME" }, \
  { "part", 0, 0, G_OPTION_ARG_STRING, &(o).part, _("which of several state dicts of a PyTorch checkpoint"), "KEY" }, \
  { "mean", 0, 0, G_OPTION_ARG_STRING, &(o).mean, _("mean of the images it was trained on, as in 0.491,0.482,0.447"), "LIST" }, \
  { "std", 0, 0, G_OPTION_ARG_STRING, &(o).std, _("standard deviation of these images"), "LIST" }, \
  { "class-names", 0, 0, G_OPTION_ARG_STRING, &(o).class_names, _("what its classes are called, as in cat,dog,ship"), "LIST" }, \
  { "size", 0, 0, G_OPTION_ARG_STRING, &(o).size, _("height and width of its images, as in 32x32"), "HxW" }, \
  { "classes", 0, 0, G_OPTION_ARG_INT, &(o).classes, _("how many classes it tells apart"), "N" }

void model_options_clear (ModelOptions *options);

/** model_options_given: the first option that was given, as "--mean"; NULL: none */
const char *model_options_given (const ModelOptions *options);

/** model_options_load: a model file, with what was assumed told on standard error */
DfkdModel *model_options_load (const ModelOptions *options, const char *path, GError **error);

G_END_DECLS
