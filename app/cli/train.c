/* train.c: dfkd train: a network from labelled images to a model file. */
#include "command.h"
#include "resume.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum {
  SUPERCLASSES = 20, /* of CIFAR-100 */
};

typedef struct {
  char *network, *data, *test, *size, *mean, *std, *output;
  int epochs, batch;
  double lr, momentum, weight_decay;
  gint64 seed;
  gboolean augment, coarse, resume, go_on;
} Options;

static void
options_clear (Options *o)
{
  g_free (o->network);
  g_free (o->data);
  g_free (o->test);
  g_free (o->size);
  g_free (o->mean);
  g_free (o->std);
  g_free (o->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct {
  const Options *options;
  DfkdDataset *data, *test;
  DfkdNetwork *network;
  DfkdModel *model;
  DfkdDevice *device;
  DfkdSupervised *supervised;
  char *part;      /* where the model is kept between epochs */
  int kept;        /* the epoch after which it was; 0: none */
  char *state;     /* where training is kept, to go on from */
  char *about;     /* what is kept with it */
  char *lock;      /* held while anything is written */
  int claim;       /* on it; −1: none */
  double accuracy; /* after the newest epoch, percent */
  guint64 resumed; /* the steps that were done when this program began */
  gint64 started;
} Training;

static void
training_clear (Training *t)
{
  g_clear_pointer (&t->supervised, dfkd_supervised_free);
  g_clear_pointer (&t->device, dfkd_device_free);
  g_clear_pointer (&t->model, dfkd_model_free);
  g_clear_pointer (&t->network, dfkd_network_free);
  g_clear_pointer (&t->data, dfkd_dataset_free);
  g_clear_pointer (&t->test, dfkd_dataset_free);
  g_free (t->part);
  g_free (t->state);
  g_free (t->about);
  if (t->claim >= 0)
    {
      g_unlink (t->lock);
      close (t->claim);
    }
  g_free (t->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Training, training_clear)

/* where the model is kept between epochs: under a name of its own, so that nobody takes it for the trained one */
static char *
path_of_part (const char *output)
{
  return g_strconcat (output, ".part", NULL);
}

/* where all is kept from which training goes on */
static char *
path_of_state (const char *output)
{
  return g_strconcat (output, ".state", NULL);
}

/* two at once would write over each other's files, and remove what the other is just writing */
static gboolean
claim_output (Training *t, GError **error)
{
  g_autofree char *taken
    = g_strdup_printf (_("--output: another training writes %s; wait until it has ended, or stop it"), t->options->output);

  if (t->claim < 0)
    t->claim = dfkd_file_lock (t->lock, DFKD_LOCK_ALONE, taken, error);
  return t->claim >= 0;
}

/* so that nobody trains for hours and then cannot keep what came of it, or loses what was trained before */
static gboolean
check_output (Training *t, GError **error)
{
  const Options *o = t->options;
  g_autofree char *part = path_of_part (o->output), *state = path_of_state (o->output);
  gboolean there;
  g_autoptr (GError) problem = NULL;

  if (!dfkd_atomic_check (o->output, &problem) || !dfkd_atomic_check (part, &problem) || !dfkd_atomic_check (state, &problem))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, "--output: %s", problem->message);
      return FALSE;
    }
  if (g_file_test (t->lock, G_FILE_TEST_EXISTS) && !claim_output (t, error))
    return FALSE;
  there = g_file_test (state, G_FILE_TEST_EXISTS);
  if (there && !o->resume)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                 _("--output: %s is there, of a training that was cut off; go on with it by --resume, or remove it to begin anew"), state);
  else if (!there && o->resume)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--resume: there is no %s to go on from; leave the option out to begin"), state);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check (const Options *o, GError **error)
{
  const struct {
    const char *name;
    double value, minimum, maximum;
  } ranges[] = { { "epochs", o->epochs, 1, 10000 },        { "batch", o->batch, 1, 65536 },  { "lr", o->lr, 0, 10 },
                 { "momentum", o->momentum, 0, 0.999 },    { "weight-decay", o->weight_decay, 0, 1 },
                 { "seed", (double) o->seed, 0, 4294967295.0 } };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (!(ranges[i].value >= ranges[i].minimum && ranges[i].value <= ranges[i].maximum))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--%s: %.10g is not allowed; expected %.10g to %.10g"), ranges[i].name, ranges[i].value,
                     ranges[i].minimum, ranges[i].maximum);
        return FALSE;
      }
  if (o->output == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--output: name the model file to write"));
  else if (g_file_test (o->output, G_FILE_TEST_IS_DIR))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--output: %s is a folder; name a file"), o->output);
  else if (o->resume && o->go_on)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--go-on: it stands for --resume where there is something to go on from; leave one of them out"));
  else if (g_str_has_suffix (o->output, ".onnx")) /* as “dfkd convert” would take it */
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                 _("--output: %s would hold safetensors, whatever its name; write a .safetensors, of which “dfkd convert” makes ONNX"), o->output);
  else
    return TRUE;
  return FALSE;
}

/* options for one kind of data would do nothing with another, and nobody would see it in the model */
static gboolean
check_data (const Options *o, const DfkdDatasetOptions *options, const DfkdDataset *data, GError **error)
{
  if (o->coarse && data->classes != SUPERCLASSES)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--coarse: only CIFAR-100 has superclasses, and %s is something else; leave the option out"), data->source);
  else if (o->size != NULL && (data->height != options->height || data->width != options->width))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                 _("--size: only images of a folder are resized, and those of %s have %u×%u pixels; leave the option out"), data->source,
                 (guint) data->height, (guint) data->width);
  else
    return TRUE;
  return FALSE;
}

/* training images, and test images that are not among them */
static gboolean
open_data (const Options *o, DfkdDataset **data, DfkdDataset **test, GError **error)
{
  const char *source = o->data != NULL ? o->data : "";
  DfkdDatasetOptions options = { .pad_digits = TRUE, .coarse = o->coarse };

  if (o->size != NULL && !dfkd_command_parse_size (o->size, &options.height, &options.width, error))
    return FALSE;
  *data = dfkd_dataset_open (source, FALSE, &options, error);
  if (*data == NULL || !check_data (o, &options, *data, error))
    return FALSE;
  if ((*data)->undivided && o->test == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("--data: %s does not part training images from test images; name test images with --test"), source);
      return FALSE;
    }
  *test = dfkd_dataset_open (o->test != NULL ? o->test : source, TRUE, &options, error);
  if (*test == NULL)
    return FALSE;
  return dfkd_data_fit_each_other (*data, *test, error);
}

/* Normalises as --mean and --std say, else by what the training images have. Returns: (transfer full): or NULL */
static DfkdModel *
new_model (const Options *o, const DfkdNetwork *network, const DfkdDataset *data, GError **error)
{
  g_autofree float *mean = g_new (float, data->channels), *std = g_new (float, data->channels);
  DfkdModel *model;

  dfkd_dataset_moments (data, mean, std);
  if (!dfkd_channel_values_choose (o->mean, "--mean", FALSE, data->channels, data->source, mean, error)
      || !dfkd_channel_values_choose (o->std, "--std", TRUE, data->channels, data->source, std, error))
    return NULL;
  model = dfkd_model_new (network, mean, std);
  model->class_names = g_strdupv (data->class_names);
  return model;
}

static void
add_numbers (JsonBuilder *builder, const char *name, const float *values, gsize n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    json_builder_add_double_value (builder, (double) values[i]);
  json_builder_end_array (builder);
}

/* Everything that a resumed training must have in common with the one that was cut off, by the names of the options, so that a
 * difference can be named; of the data what the images and labels are, wherever they lie. */
static char *
describe (const Training *t)
{
  const Options *o = t->options;
  const DfkdDataset *data = t->data;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, data->images, (gssize) (data->count * data->channels * data->height * data->width));
  g_checksum_update (sum, (const guchar *) data->labels, (gssize) (data->count * sizeof *data->labels));
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "network", t->network->name);
  dfkd_json_text (builder, "data", g_checksum_get_string (sum));
  dfkd_json_integer (builder, "epochs", o->epochs);
  dfkd_json_integer (builder, "batch", o->batch);
  dfkd_json_number (builder, "lr", o->lr);
  dfkd_json_number (builder, "momentum", o->momentum);
  dfkd_json_number (builder, "weight-decay", o->weight_decay);
  add_numbers (builder, "mean", t->model->mean, data->channels);
  add_numbers (builder, "std", t->model->std, data->channels);
  dfkd_json_integer (builder, "seed", o->seed);
  dfkd_json_text (builder, "augment", o->augment ? "yes" : "no");
  json_builder_end_object (builder);
  return dfkd_json_finish (builder, FALSE);
}

/* what was being written when a training was killed */
static void
clean (const Training *t)
{
  const char *const paths[] = { t->options->output, t->part, t->state };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    dfkd_atomic_clean (paths[i]);
}

/* whether training was cut off behind an epoch, before that was measured and its model written: there is none of the last one until the end */
static gboolean
owes_epoch (const Training *t)
{
  GStatBuf part, state;

  if (t->resumed == 0 || t->resumed % dfkd_supervised_epoch_steps (t->supervised) != 0)
    return FALSE;
  return t->resumed == dfkd_supervised_steps (t->supervised) || g_stat (t->part, &part) != 0 || g_stat (t->state, &state) != 0
         || part.st_mtim.tv_sec < state.st_mtim.tv_sec
         || (part.st_mtim.tv_sec == state.st_mtim.tv_sec && part.st_mtim.tv_nsec < state.st_mtim.tv_nsec);
}

static gboolean
resume (Training *t, GError **error)
{
  g_autofree char *kept = dfkd_supervised_read_about (t->state, error);

  if (kept == NULL || !dfkd_resume_compare (t->state, kept, t->about, error) || !dfkd_supervised_resume (t->supervised, t->state, error))
    return FALSE;
  clean (t);
  t->resumed = dfkd_supervised_steps_done (t->supervised);
  if (!owes_epoch (t) && g_file_test (t->part, G_FILE_TEST_EXISTS))
    t->kept = (int) (t->resumed / dfkd_supervised_epoch_steps (t->supervised));
  return TRUE;
}

/* Returns: whether there is all that training takes */
static gboolean
prepare (Training *t, const DfkdCommonOptions *common, GError **error)
{
  const Options *o = t->options;
  DfkdSupervisedOptions options = { (gsize) o->batch, (guint) o->epochs, o->lr, o->momentum, o->weight_decay, (guint64) o->seed, o->augment };

  if (!open_data (o, &t->data, &t->test, error))
    return FALSE;
  if (!dfkd_network_check_classifier (o->network, error))
    {
      g_prefix_error (error, "--network: ");
      return FALSE;
    }
  t->network = dfkd_network_new (o->network, &(DfkdNetworkOptions){ .channels = t->data->channels, .height = t->data->height,
                                                                    .width = t->data->width, .classes = t->data->classes },
                                 error);
  if (t->network == NULL)
    return FALSE;
  t->model = new_model (o, t->network, t->data, error);
  if (t->model == NULL)
    return FALSE;
  t->device = dfkd_command_open_device (common, error);
  t->supervised = t->device != NULL ? dfkd_supervised_new (t->device, t->model, t->data, &options, error) : NULL;
  if (t->supervised == NULL)
    return FALSE;
  t->part = path_of_part (o->output);
  t->state = path_of_state (o->output);
  t->about = describe (t);
  return !o->resume || resume (t, error);
}

static gboolean
goes_on (gpointer unused)
{
  (void) unused;
  return !dfkd_interrupts_seen ();
}

static gboolean
measure (Training *t, GError **error)
{
  g_autoptr (DfkdEvaluation) evaluation
    = dfkd_evaluation_new (t->device, t->network, dfkd_supervised_parameters (t->supervised), dfkd_supervised_state (t->supervised), t->test,
                           t->model->mean, t->model->std, error);

  if (evaluation == NULL)
    return FALSE;
  dfkd_evaluation_set_watch (evaluation, goes_on, NULL);
  return dfkd_evaluation_run (evaluation, &t->accuracy, error);
}

static gboolean
save (Training *t, const char *path, GError **error)
{
  t->model->accuracy = t->accuracy;
  return dfkd_model_download (t->model, t->device, dfkd_supervised_parameters (t->supervised), dfkd_supervised_state (t->supervised), error)
         && dfkd_model_save (t->model, path, error);
}

/* After an epoch, so that whatever ends the program costs one at most. A disk that is full now may have room at the end. */
static void
keep_state (Training *t)
{
  g_autoptr (GError) problem = NULL;

  if (!dfkd_supervised_keep (t->supervised, t->about, t->state, &problem))
    dfkd_command_tell (problem->message);
}

/* likewise, for whoever wants a model */
static void
save_part (Training *t, int epoch)
{
  g_autoptr (GError) problem = NULL;

  if (save (t, t->part, &problem))
    t->kept = epoch;
  else
    dfkd_command_tell (problem->message);
}

/* before the end: what there is of it; @problem: (nullable): why it came before the end */
static void
tell_part (const Training *t, const GError *problem)
{
  gboolean again = !g_error_matches (problem, DFKD_ERROR, DFKD_ERROR_NUMBER) && g_file_test (t->state, G_FILE_TEST_EXISTS);

  if (t->kept > 0)
    g_printerr (_("The model as it was after epoch %d of %d is in %s\n"), t->kept, t->options->epochs, t->part);
  if (again)
    g_printerr (_("The same command with --resume goes on from %s\n"), t->state);
  if (problem == NULL && t->kept == 0 && !again)
    g_printerr (_("Interrupted: no model was written.\n"));
}

static void
show_progress (const Training *t)
{
  guint64 steps = dfkd_supervised_steps_done (t->supervised);
  double all = (double) dfkd_supervised_steps (t->supervised), seconds = (double) (g_get_monotonic_time () - t->started) * 1e-6;
  g_autofree char *text = g_strdup_printf (_("epoch %d of %d, loss %.3f"), (int) ((steps - 1) / dfkd_supervised_epoch_steps (t->supervised)) + 1,
                                           t->options->epochs, dfkd_supervised_loss (t->supervised));

  dfkd_progress_show ((double) steps / all, seconds / (double) (steps - t->resumed) * (all - (double) steps), text);
}

/* what an interrupt leaves: all of it, in the middle of an epoch, too */
static void
stop (Training *t)
{
  g_autoptr (GError) problem = NULL;

  dfkd_progress_end ();
  if (dfkd_supervised_steps_done (t->supervised) > 0 && !dfkd_supervised_keep (t->supervised, t->about, t->state, &problem))
    dfkd_command_tell (problem->message);
}

/* What was trained is kept before it is measured: that may take longer than whoever ends a job waits for it. */
static gboolean
end_epoch (Training *t, int epoch, GError **error)
{
  dfkd_progress_end ();
  keep_state (t);
  if (!measure (t, error))
    return FALSE;
  g_printerr (_("epoch %d: %.2f %% on the test set\n"), epoch, t->accuracy);
  if (epoch < t->options->epochs)
    save_part (t, epoch);
  return TRUE;
}

/* what the end of an epoch that failed leaves: @problem (transfer full) becomes @error, unless it is an interrupt. Returns: an exit code */
static int
leave (GError *problem, GError **error)
{
  if (!g_error_matches (problem, DFKD_ERROR, DFKD_ERROR_CANCELLED))
    {
      g_propagate_error (error, problem);
      return DFKD_EXIT_FAILED;
    }
  g_error_free (problem); /* the state has been kept */
  return DFKD_EXIT_INTERRUPTED;
}

/* Returns: an exit code; DFKD_EXIT_FAILED with @error */
static int
run (Training *t, GError **error)
{
  guint64 epoch_steps = dfkd_supervised_epoch_steps (t->supervised);
  GError *problem = NULL;

  if (owes_epoch (t) && !end_epoch (t, (int) (t->resumed / epoch_steps), &problem))
    return leave (problem, error);
  while (dfkd_supervised_steps_done (t->supervised) < dfkd_supervised_steps (t->supervised))
    {
      double loss;
      guint64 steps;

      if (dfkd_interrupts_seen ())
        {
          stop (t);
          return DFKD_EXIT_INTERRUPTED;
        }
      if (!dfkd_supervised_step (t->supervised, &loss, error))
        return DFKD_EXIT_FAILED;
      steps = dfkd_supervised_steps_done (t->supervised);
      show_progress (t);
      if (steps % epoch_steps == 0 && !end_epoch (t, (int) (steps / epoch_steps), &problem))
        return leave (problem, error);
    }
  dfkd_progress_end ();
  return DFKD_EXIT_DONE;
}

static void
tell_result (const Training *t, gboolean json)
{
  const Options *o = t->options;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!json)
    {
      g_print (_("%s: %.2f %% on the test set\n"), o->output, t->accuracy);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "network", t->network->name);
  dfkd_json_number (builder, "accuracy", t->accuracy);
  dfkd_json_number (builder, "loss", dfkd_supervised_loss (t->supervised));
  dfkd_json_integer (builder, "epochs", o->epochs);
  dfkd_json_integer (builder, "seed", o->seed);
  dfkd_json_number (builder, "seconds", (double) (g_get_monotonic_time () - t->started) * 1e-6);
  dfkd_json_text (builder, "output", o->output);
  json_builder_end_object (builder);
  dfkd_json_print (builder);
}

static int
train (const Options *o, const DfkdCommonOptions *common, GError **error)
{
  g_auto (Training) t = { .options = o, .claim = -1, .started = g_get_monotonic_time () };
  int code;

  t.lock = g_strconcat (o->output, ".lock", NULL);
  if (!check_output (&t, error) || !prepare (&t, common, error))
    return DFKD_EXIT_FAILED;
  dfkd_interrupts_catch (); /* before there is a lock, which the end removes */
  if (!claim_output (&t, error))
    return DFKD_EXIT_FAILED;
  code = run (&t, error);
  if (code == DFKD_EXIT_DONE && !save (&t, o->output, error))
    code = DFKD_EXIT_FAILED;
  if (code != DFKD_EXIT_DONE)
    {
      tell_part (&t, error != NULL ? *error : NULL);
      return code;
    }
  g_unlink (t.part);
  g_unlink (t.state);
  clean (&t);
  tell_result (&t, common->json);
  return DFKD_EXIT_DONE;
}

/* --go-on: as --resume where a training was cut off. Returns: FALSE where it was done already, which is told */
static gboolean
go_on (Options *o)
{
  g_autofree char *state = path_of_state (o->output);

  o->resume = g_file_test (state, G_FILE_TEST_EXISTS);
  if (o->resume || !g_file_test (o->output, G_FILE_TEST_EXISTS))
    return TRUE;
  g_printerr (_("%s is there already: there is nothing left to train\n"), o->output);
  return FALSE;
}

int
dfkd_command_train (int argc, char **argv)
{
  g_auto (Options) o = { .epochs = 4, .batch = 128, .lr = 0.2, .momentum = 0.9, .weight_decay = 5e-4 };
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (GError) error = NULL;
  int code;
  const GOptionEntry entries[] = {
    { "network", 0, 0, G_OPTION_ARG_STRING, &o.network, _("network to train, by name"), "NAME" },
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &o.data, _("training images: shapes32, or what holds IDX or CIFAR files or images in a folder a class; without it Fashion-MNIST"), "DATA" },
    { "test", 0, 0, G_OPTION_ARG_FILENAME, &o.test, _("test images, if --data does not hold them"), "DATA" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &o.size, _("resize the images of a folder to this"), "HxW" },
    { "coarse", 0, 0, G_OPTION_ARG_NONE, &o.coarse, _("CIFAR-100: learn its 20 superclasses"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, _("model file to write"), "FILE" },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &o.epochs, _("times through the data"), "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, _("images in a step"), "N" },
    { "lr", 0, 0, G_OPTION_ARG_DOUBLE, &o.lr, _("highest rate; it rises over a tenth of the steps and falls along a cosine"), "RATE" },
    { "momentum", 0, 0, G_OPTION_ARG_DOUBLE, &o.momentum, _("momentum of SGD"), "M" },
    { "weight-decay", 0, 0, G_OPTION_ARG_DOUBLE, &o.weight_decay, _("weight decay"), "L" },
    { "mean", 0, 0, G_OPTION_ARG_STRING, &o.mean, _("mean of the pixels in [0,1], one for all channels or as in 0.491,0.482,0.447; without it that of the images"), "LIST" },
    { "std", 0, 0, G_OPTION_ARG_STRING, &o.std, _("standard deviation of the pixels, likewise"), "LIST" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, _("seed of all draws"), "N" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &o.resume, _("go on with a training that was cut off, from FILE.state; the other options must be the same"), NULL },
    { "go-on", 0, 0, G_OPTION_ARG_NONE, &o.go_on, _("begin, or go on where it was cut off; nothing if FILE is there: the same command may be given until it is done"), NULL },
    { "augment", 0, 0, G_OPTION_ARG_NONE, &o.augment, _("crop and flip at random"), NULL },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "train", NULL, _("Trains a network on labelled images, those of 28×28 pixels padded to 32×32, and measures it on the test images."),
                           entries, &common, NULL, 0))
    return DFKD_EXIT_USAGE;
  if (o.network == NULL)
    o.network = g_strdup ("wrn16_1");
  if (!check (&o, &error))
    return dfkd_command_fail (error);
  if (o.go_on && !go_on (&o))
    return DFKD_EXIT_DONE;
  code = train (&o, &common, &error);
  return error != NULL ? dfkd_command_fail (error) : code;
}
