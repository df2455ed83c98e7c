/* parameters.c: the table, one row a parameter. */
#include "parameters.h"

#include "channel-values.h"
#include "errors.h"
#include "method.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const reuse_names[] = { "common", "sequential", "none", NULL };
static const char *const generator_names[] = { "generator", "generator_dcgan", NULL };
static const char *const yes_no[] = { "no", "yes", NULL };
static const char *const precision_names[] = { "float32", "bfloat16", "float16", NULL };
static const char *const meta_names[] = { "fomaml", "fomaml-last", "reptile", "maml", NULL };

static const DfkdParameter table[] = {
  [DFKD_PARAMETER_TEACHER] = { "teacher", "f_t", N_ ("Teacher"), N_ ("The trained network to learn from, a safetensors file or a PyTorch checkpoint; empty for the built-in one of Fashion-MNIST, shapes32 for that of drawn shapes."), "", "",
                               N_ ("Run"), DFKD_PARAMETER_TEXT, DFKD_PARAMETER_BUILD, .text = "", .empty = N_ ("built-in") },
  [DFKD_PARAMETER_TEACHER_MEAN] = { "teacher_mean", "μ_t", N_ ("Teacher's mean"), N_ ("What the teacher expects to be subtracted from its images, one number for each channel with commas between them; empty for what its file says."),
                                    "x ← (x − μ_t)/σ_t", "", N_ ("Run"), DFKD_PARAMETER_TEXT, DFKD_PARAMETER_BUILD, .text = "", .empty = N_ ("from the file"), .numbers = TRUE },
  [DFKD_PARAMETER_TEACHER_STD] = { "teacher_std", "σ_t", N_ ("Teacher's deviation"), N_ ("What the teacher expects its images to be divided by, one number for each channel with commas between them; empty for what its file says."),
                                   "x ← (x − μ_t)/σ_t", "", N_ ("Run"), DFKD_PARAMETER_TEXT, DFKD_PARAMETER_BUILD, .minimum = G_MINFLOAT, .text = "", .empty = N_ ("from the file"), .numbers = TRUE },
  [DFKD_PARAMETER_TEACHER_CLASSES] = { "teacher_classes", "", N_ ("Teacher's classes"), N_ ("What the classes are called, one name for each with commas between them; empty for what the teacher's file or the test data says."), "", "",
                                       N_ ("Run"), DFKD_PARAMETER_TEXT, DFKD_PARAMETER_BUILD, .text = "", .empty = N_ ("from the file") },
  [DFKD_PARAMETER_LABEL_EMBEDDINGS] = { "label_embeddings", "e_y", N_ ("Label embeddings"), N_ ("A vector for each class, in the teacher's order, that a language model made of what the classes are called: a .npy file, safetensors or a PyTorch file with one matrix; empty draws the vectors at random."),
                                        "z = W·BN(e_y)", "", N_ ("Synthesis"), DFKD_PARAMETER_TEXT, DFKD_PARAMETER_BUILD, .text = "", .empty = N_ ("random") },
  [DFKD_PARAMETER_STUDENT] = { "student", "f_s", N_ ("Student"), N_ ("The network that learns, by name."), "", "", N_ ("Run"), DFKD_PARAMETER_TEXT,
                               DFKD_PARAMETER_BUILD, .text = "wrn10_1" },
  [DFKD_PARAMETER_METHOD] = { "method", "", N_ ("Method"), N_ ("How images are made and the student learns. Choosing one sets what its paper sets; what only other methods use has no effect."), "", "",
                              N_ ("Synthesis"), DFKD_PARAMETER_CHOICE, DFKD_PARAMETER_BUILD, FALSE, 0, 0, 0, NULL, dfkd_method_names },
  [DFKD_PARAMETER_DATA] = { "data", "", N_ ("Test data"), N_ ("What accuracy is measured on, never trained on: a folder of IDX files or of images, CIFAR as downloaded, an .npz file, or shapes32; empty for the data of the built-in teacher or Fashion-MNIST, none to go without."), "", "",
                            N_ ("Run"), DFKD_PARAMETER_TEXT, DFKD_PARAMETER_BUILD, .text = "", .empty = N_ ("the built-in teacher's") },
  [DFKD_PARAMETER_SEED] = { "seed", "", N_ ("Seed"), N_ ("Every draw follows from it: the same seed on the same device gives the same student."), "", "", N_ ("Run"),
                            DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_BUILD, FALSE, 0, 4294967295.0, 0 },
  [DFKD_PARAMETER_PRECISION] = { "precision", "", N_ ("Precision"), N_ ("Of the factors in convolutions; they are added up, stored and measured in float32. With bfloat16 a processor that has AMX or AVX-512 BF16 is faster, with float16 a graphics card."), "", "",
                                 N_ ("Run"), DFKD_PARAMETER_CHOICE, DFKD_PARAMETER_BUILD, FALSE, 0, 0, 0, NULL, precision_names },
  [DFKD_PARAMETER_BATCH] = { "batch", "N", N_ ("Batch size"), N_ ("Images in a synthesis."), "x ∈ [0, 1]^(N×C×H×W)", N_ ("images"), N_ ("Run"),
                             DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_BUILD, TRUE, 1, 4096, 128 },
  [DFKD_PARAMETER_STUDENT_BATCH] = { "student_batch", "N_s", N_ ("Student batch"), N_ ("Images in a student step; 0: as many as in a synthesis."), "", N_ ("images"), N_ ("Run"),
                                     DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_BUILD, TRUE, 0, 4096, 0 },
  [DFKD_PARAMETER_NZ] = { "nz", "n_z", N_ ("Latent size"), N_ ("Numbers in one latent vector."), "z ∈ ℝ^n_z", "", N_ ("Run"), DFKD_PARAMETER_INTEGER,
                          DFKD_PARAMETER_BUILD, TRUE, 1, 4096, 256 },
  [DFKD_PARAMETER_NGF] = { "ngf", "n_gf", N_ ("Generator width"), N_ ("Channels of the generator's last hidden layer; the others have twice as many."), "", "",
                           N_ ("Run"), DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_BUILD, TRUE, 1, 512, 32 },
  [DFKD_PARAMETER_GENERATOR] = { "generator", "G", N_ ("Generator"), N_ ("The network that makes images of latents: that of the paper's CIFAR runs, which enlarges and convolves, or DCGAN's of transposed convolutions, for images whose sides are multiples of 16."),
                                 "x = G(z; θ)", "", N_ ("Run"), DFKD_PARAMETER_CHOICE, DFKD_PARAMETER_BUILD, FALSE, 0, 0, 0, NULL, generator_names },
  [DFKD_PARAMETER_REUSE] = { "reuse", "", N_ ("Reuse"), N_ ("Where a synthesis starts: from the meta-learned generator (common), from the last batch's (sequential) or from the initial one (none)."),
                             "θ′ ← θ (common) · θ′_k (sequential) · θ_0 (none)", "",
                             N_ ("Synthesis"), DFKD_PARAMETER_CHOICE, DFKD_PARAMETER_BUILD, FALSE, 0, 0, 0, NULL, reuse_names },
  [DFKD_PARAMETER_META_GRADIENT] = { "meta_gradient", "∇θ", N_ ("Meta gradient"), N_ ("What moves the common generator: the sum of the inner gradients (fomaml), the last one alone (fomaml-last), the way travelled (reptile), or the last one taken back through all inner steps (maml), which takes about three times as long and fixes k."),
                                     "Σ ∂L/∂θ′ · ∂L/∂θ′_k · 67(θ − θ′_k) · ∂L(θ′_k)/∂θ", "", N_ ("Synthesis"), DFKD_PARAMETER_CHOICE, DFKD_PARAMETER_BUILD, FALSE, 0, 0, 0, NULL, meta_names },
  [DFKD_PARAMETER_AS_RELEASED] = { "as_released", "", N_ ("As released"), N_ ("Puts the teacher in the student's place while the generator learns, as the released code of DAFL, ZSKT, DFQ and DFAD does: their adversarial term is zero. Of DAFL, ZSKT and DFQ the student's loss then has no temperature, T = 1, as there."), "",
                                   "", N_ ("Synthesis"), DFKD_PARAMETER_CHOICE, DFKD_PARAMETER_BUILD, FALSE, 0, 0, 0, NULL, yes_no },
  [DFKD_PARAMETER_BANK] = { "bank", "", N_ ("Memory bank"), N_ ("Earlier images whose features are remembered for the contrast."), "", N_ ("images"), N_ ("Synthesis"), DFKD_PARAMETER_INTEGER,
                            DFKD_PARAMETER_BUILD, TRUE, 1, 1048576, 4096 },
  [DFKD_PARAMETER_NEGATIVES] = { "negatives", "", N_ ("Negatives"), N_ ("Remembered images that a batch is contrasted with at each step."), "", N_ ("images"), N_ ("Synthesis"), DFKD_PARAMETER_INTEGER,
                                 DFKD_PARAMETER_BUILD, TRUE, 1, 65536, 256 },
  [DFKD_PARAMETER_HEAD] = { "head", "", N_ ("Contrast head"), N_ ("Numbers that the head of the contrast projects features to."), "", "", N_ ("Synthesis"), DFKD_PARAMETER_INTEGER,
                            DFKD_PARAMETER_BUILD, TRUE, 1, 4096, 256 },
  [DFKD_PARAMETER_SYNTHESES] = { "syntheses", "", N_ ("Syntheses"), N_ ("Batches to synthesise in all."), "", "", N_ ("Run"), DFKD_PARAMETER_INTEGER,
                                 DFKD_PARAMETER_COUNT, TRUE, 1, 100000, 60 },
  [DFKD_PARAMETER_POOL_MEMORY] = { "pool_memory", "", N_ ("Pool memory"), N_ ("Most memory for the images that the student learns from; a larger pool is a file in the run folder. The results are the same."),
                                   "", N_ ("MiB"), N_ ("Run"), DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_BUILD, TRUE, 0, 1048576, 1024 },
  [DFKD_PARAMETER_WARMUP] = { "warmup", "", N_ ("Warm-up"), N_ ("Syntheses before the student starts to learn; until then the adversarial term is off."), "", N_ ("syntheses"), N_ ("Run"),
                              DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_COUNT, FALSE, 0, 10000, 5 },
  [DFKD_PARAMETER_K] = { "k", "k", N_ ("Inner steps"), N_ ("Steps from the meta-learned start to a batch of images: fewer is faster, more is closer to the teacher."), "θ′, z ← Adam(∇L), k times",
                         N_ ("steps"), N_ ("Synthesis"), DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_COUNT, FALSE, 1, 10000, 5 },
  [DFKD_PARAMETER_GENERATORS] = { "generators", "", N_ ("Generators"), N_ ("How many take turns."), "", "", N_ ("Synthesis"), DFKD_PARAMETER_INTEGER,
                                  DFKD_PARAMETER_BUILD, FALSE, 1, 64, 5 },
  [DFKD_PARAMETER_RESET_AFTER] = { "reset_after", "", N_ ("Reset after"), N_ ("Syntheses after the warm-up at which the generator's first layer is drawn anew, once; 0 never does."), "", N_ ("syntheses"), N_ ("Synthesis"),
                                   DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_BUILD, TRUE, 0, 100000, 0 },
  [DFKD_PARAMETER_LIFE] = { "life", "", N_ ("Generator life"), N_ ("Syntheses after which the generator is drawn anew; 0 keeps it for the whole run."), "", N_ ("syntheses"), N_ ("Synthesis"),
                            DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_BUILD, TRUE, 0, 100000, 0 },
  [DFKD_PARAMETER_KD_STEPS] = { "kd_steps", "", N_ ("Student steps"), N_ ("Steps of the student after each synthesis."), "", N_ ("steps"), N_ ("Student"), DFKD_PARAMETER_INTEGER,
                                DFKD_PARAMETER_COUNT, TRUE, 0, 10000, 40 },
  [DFKD_PARAMETER_EVALUATE_EVERY] = { "evaluate_every", "", N_ ("Evaluate every"), N_ ("Syntheses between measurements on the test data; 0 measures at the end alone."), "", N_ ("syntheses"),
                                      N_ ("Run"), DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_COUNT, FALSE, 0, 10000, 5 },
  [DFKD_PARAMETER_SNAPSHOT_EVERY] = { "snapshot_every", "", N_ ("Snapshot every"), N_ ("Syntheses between snapshots to resume from; 0 saves at the end alone."), "", N_ ("syntheses"),
                                      N_ ("Run"), DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_COUNT, FALSE, 0, 10000, 10 },
  [DFKD_PARAMETER_BRANCH_POINTS] = { "branch_points", "", N_ ("Branch points"), N_ ("Snapshots that are kept to branch from later. When there would be more, every second one goes, evenly over the run; 0 keeps none."), "",
                                     "", N_ ("Run"), DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_COUNT, TRUE, 0, 10000, 8 },
  [DFKD_PARAMETER_HISTORY] = { "history", "", N_ ("Picture history"), N_ ("Most disk space for the pictures of all syntheses; a quarter of it may go to films of how those that were watched formed. When they need more, every second one goes, evenly over the run. With 0 none are added; those that a run has already stay."), "",
                               N_ ("MiB"), N_ ("Run"), DFKD_PARAMETER_INTEGER, DFKD_PARAMETER_COUNT, TRUE, 0, 1048576, 2048 },
  [DFKD_PARAMETER_BN] = { "bn", "α_bn", N_ ("BN statistics"), N_ ("Pulls the statistics of the images inside the teacher towards those of its training data: natural textures."),
                          "L_bn = Σ ‖σ²_l − σ̂²_l‖₂ + ‖μ_l − μ̂_l‖₂", "", N_ ("Losses"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 1000, 10 },
  [DFKD_PARAMETER_OH] = { "oh", "α_oh", N_ ("One-hot"), N_ ("Makes the teacher sure of each image's class: clear objects, less variety."), "L_oh = CE(f_t(x), y)", "",
                          N_ ("Losses"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 100, 0.5 },
  [DFKD_PARAMETER_ADV] = { "adv", "α_adv", N_ ("Adversarial"), N_ ("Looks for images on which the student still differs from the teacher."),
                           "L_adv = −mean(KL(f_t‖f_s)·[argmax f_s = argmax f_t])", "", N_ ("Losses"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 100, 1.1 },
  [DFKD_PARAMETER_ACT] = { "act", "α_act", N_ ("Activation"), N_ ("Rewards images that excite the teacher's last features."), "L_act = −mean│features│", "", N_ ("Losses"), DFKD_PARAMETER_FLOAT,
                           DFKD_PARAMETER_LIVE, TRUE, 0, 100, 0 },
  [DFKD_PARAMETER_BALANCE] = { "balance", "α_bal", N_ ("Class balance"), N_ ("Spreads a batch over all classes."), "L_balance = Σ p̄ log p̄", "", N_ ("Losses"), DFKD_PARAMETER_FLOAT,
                               DFKD_PARAMETER_LIVE, TRUE, 0, 1000, 0 },
  [DFKD_PARAMETER_CR] = { "cr", "α_cr", N_ ("Contrast"), N_ ("Makes each image recognisable among earlier ones by a part of it: more variety."), "L_cr = CE(h(local)·h(global)ᵀ/τ, itself)", "",
                          N_ ("Losses"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 100, 0 },
  [DFKD_PARAMETER_CR_TEMPERATURE] = { "cr_temperature", "τ", N_ ("Contrast temperature"), N_ ("Sharpens the contrast: with less, only the most similar images count."),
                                      "p = softmax(h(local)·h(global)ᵀ/τ)", "", N_ ("Losses"),
                                      DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0.01, 10, 0.2 },
  [DFKD_PARAMETER_TV] = { "tv", "α_tv", N_ ("Total variation"), N_ ("Smooths neighbouring pixels."), "L_tv = mean│x − x_neighbour│", "", N_ ("Losses"), DFKD_PARAMETER_FLOAT,
                          DFKD_PARAMETER_LIVE, TRUE, 0, 100, 0 },
  [DFKD_PARAMETER_L2] = { "l2", "α_l2", N_ ("Pixel norm"), N_ ("Pulls pixels towards the mean colour."), "L_l2 = ‖x‖₂", "", N_ ("Losses"), DFKD_PARAMETER_FLOAT,
                          DFKD_PARAMETER_LIVE, TRUE, 0, 100, 0 },
  [DFKD_PARAMETER_STUDENT_BN] = { "student_bn", "β_bn", N_ ("Student's statistics"), N_ ("Rewards images whose statistics inside the student are unusual, as a share of the teacher's term."), "L_bn ← L_bn(f_t) − β_bn·L_bn(f_s)", "",
                                  N_ ("Losses"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 10, 0 },
  [DFKD_PARAMETER_LR_G] = { "lr_g", "η_g", N_ ("Generator rate"), N_ ("Step size of the generator in the inner loop; the outer step uses k times as much."), "θ′ ← θ′ − η_g·Adam(∇L)", "",
                            N_ ("Synthesis"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 1, 3e-3 },
  [DFKD_PARAMETER_LR_Z] = { "lr_z", "η_z", N_ ("Latent rate"), N_ ("Step size of the latent vectors in the inner loop."), "z ← z − η_z·Adam(∇L)", "", N_ ("Synthesis"),
                            DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 1, 0.01 },
  [DFKD_PARAMETER_BN_MOMENTUM] = { "bn_momentum", "m", N_ ("BN momentum"), N_ ("Share of earlier syntheses in the statistics that are compared: with more, a batch need not cover everything alone."),
                                   "σ² ← (1 − m)·σ² + m·σ²_avg", "", N_ ("Losses"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, FALSE, 0, 0.999, 0.9 },
  [DFKD_PARAMETER_TEMPERATURE] = { "temperature", "T", N_ ("Temperature"), N_ ("Softens both networks' answers in the student's loss: small differences between classes count more."),
                                   "L_s = T²·KL(softmax(f_t/T)‖softmax(f_s/T))", "", N_ ("Student"), DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0.1, 100, 20 },
  [DFKD_PARAMETER_LR] = { "lr", "η_s", N_ ("Student rate"), N_ ("Step size of the student at the start; it falls along a cosine."), "η(t) = η_min + ½(η_s − η_min)(1 + cos πt)", "", N_ ("Student"),
                          DFKD_PARAMETER_FLOAT, DFKD_PARAMETER_LIVE, TRUE, 0, 10, 0.1 },
  [DFKD_PARAMETER_LR_MINIMUM] = { "lr_minimum", "η_min", N_ ("Final student rate"), N_ ("Where the cosine of the student's step size ends."),
                                  "η(t) = η_min + ½(η_s − η_min)(1 + cos πt)", "", N_ ("Student"), DFKD_PARAMETER_FLOAT,
                                  DFKD_PARAMETER_LIVE, TRUE, 0, 1, 2e-4 },
  [DFKD_PARAMETER_MOMENTUM] = { "momentum", "β", N_ ("Momentum"), N_ ("Share of earlier gradients in each step of the student."), "v ← β·v + g", "", N_ ("Student"), DFKD_PARAMETER_FLOAT,
                                DFKD_PARAMETER_LIVE, FALSE, 0, 0.999, 0.9 },
  [DFKD_PARAMETER_WEIGHT_DECAY] = { "weight_decay", "λ", N_ ("Weight decay"), N_ ("Pulls the student's weights towards zero."), "g ← g + λ·θ_s", "", N_ ("Student"), DFKD_PARAMETER_FLOAT,
                                    DFKD_PARAMETER_LIVE, TRUE, 0, 1, 1e-4 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (table) == DFKD_N_PARAMETERS);

const DfkdParameter *
dfkd_parameter (DfkdParameterId id)
{
  g_return_val_if_fail (id < DFKD_N_PARAMETERS, NULL);
  return &table[id];
}

gboolean
dfkd_parameter_find (const char *name, DfkdParameterId *id)
{
  g_autofree char *wanted = g_strdelimit (g_strdup (name), "-", '_');

  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    if (g_str_equal (table[i].name, wanted))
      {
        *id = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
dfkd_parameter_check (DfkdParameterId id, double value, GError **error)
{
  const DfkdParameter *p = dfkd_parameter (id);
  gboolean whole = p->type != DFKD_PARAMETER_FLOAT;
  double maximum = p->type == DFKD_PARAMETER_CHOICE ? g_strv_length ((char **) p->choices) - 1.0 : p->maximum;

  if (p->type == DFKD_PARAMETER_TEXT)
    return TRUE;
  if (value >= p->minimum && value <= maximum && (!whole || value == floor (value)))
    return TRUE;
  if (whole)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: %.10g is not allowed; expected a whole number from %.0f to %.0f"), p->name, value,
                 p->minimum, maximum);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: %.10g is not allowed; expected a number from %.10g to %.10g"), p->name, value, p->minimum,
                 p->maximum);
  return FALSE;
}

gboolean
dfkd_parameter_check_text (DfkdParameterId id, const char *text, GError **error)
{
  const DfkdParameter *p = dfkd_parameter (id);
  g_autofree float *values = NULL;
  guint count;

  return !p->numbers || dfkd_channel_values_parse (text, p->name, p->minimum > 0.0, &values, &count, error);
}
