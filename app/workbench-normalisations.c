/* workbench-normalisations.c: the table. CIFAR's and MNIST's are those of the published code of FastDFKD and CMI, ImageNet's are
 * torchvision's. */
#include "workbench-normalisations.h"

#include <glib/gi18n.h>

static const WorkbenchNormalisation table[] = {
  { "CIFAR-10", 3, 10, "0.4914, 0.4822, 0.4465", "0.2023, 0.1994, 0.2010" },
  { "CIFAR-100", 3, 100, "0.5071, 0.4867, 0.4408", "0.2675, 0.2565, 0.2761" },
  { "ImageNet", 3, 1000, "0.485, 0.456, 0.406", "0.229, 0.224, 0.225" },
  { "MNIST", 1, 10, "0.1307", "0.3081" },
  { N_("None: images from 0 to 1"), 0, 0, "0", "1" },
};

const WorkbenchNormalisation *
workbench_normalisations (guint *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}

guint
workbench_normalisation_guess (gsize channels, gsize classes)
{
  guint index = 0;

  while ((table[index].channels != 0 && table[index].channels != channels)
         || (table[index].classes != 0 && table[index].classes != classes))
    index++;
  return index;
}
