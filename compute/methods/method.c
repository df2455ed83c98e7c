/* method.c: looking up methods, their settings and their terms. */
#include "method.h"

const DfkdMethod *
dfkd_method_find (const char *name)
{
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    if (g_str_equal (dfkd_method_table[i]->name, name))
      return dfkd_method_table[i];
  return NULL;
}

const DfkdMethodSetting *
dfkd_method_setting (const DfkdMethod *method, const char *parameter)
{
  for (const DfkdMethodSetting *s = method->settings; s->parameter != NULL; s++)
    if (g_str_equal (s->parameter, parameter))
      return s;
  return NULL;
}

gboolean
dfkd_method_uses (const DfkdMethod *method, const char *parameter)
{
  if (dfkd_method_setting (method, parameter) != NULL)
    return TRUE;
  if (method->criterion == DFKD_CRITERION_L1 && g_str_equal (parameter, "temperature"))
    return FALSE;
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    if (dfkd_method_setting (dfkd_method_table[i], parameter) != NULL)
      return FALSE;
  return TRUE;
}

const char *
dfkd_term_name (DfkdTerm term)
{
  static const char *const names[] = { "bn", "oh", "adv", "act", "balance", "cr", "tv", "l2" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_N_TERMS);
  return names[term];
}

gboolean
dfkd_term_is_of_batch (DfkdTerm term)
{
  return term == DFKD_TERM_BN || term == DFKD_TERM_BALANCE || term == DFKD_TERM_L2;
}

gboolean
dfkd_method_has_term (const DfkdMethod *method, DfkdTerm term)
{
  return method != NULL && dfkd_method_setting (method, dfkd_term_name (term)) != NULL;
}

const char *
dfkd_method_equation (const DfkdMethod *method, const char *parameter)
{
  static const char *const adversarial[] = {
    [DFKD_ADVERSARIAL_DECISION] = "L_adv = −mean(KL(f_t‖f_s)·[argmax f_s = argmax f_t])",
    [DFKD_ADVERSARIAL_KL] = "L_adv = −mean KL(f_t‖f_s)",
    [DFKD_ADVERSARIAL_JS] = "L_adv = −mean JS(softmax(f_t/3), softmax(f_s/3)), p ∈ [0.01, 0.99]",
    [DFKD_ADVERSARIAL_L1] = "L_adv = −mean│f_t − f_s│",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (adversarial) == DFKD_N_ADVERSARIALS);
  if (g_str_equal (parameter, "adv"))
    return adversarial[method->adversarial];
  if (g_str_equal (parameter, "oh") && method->labels_follow)
    return "L_oh = CE(f_t(x), argmax f_t(x))";
  if (g_str_equal (parameter, "temperature") && method->criterion == DFKD_CRITERION_L1)
    return "L_s = mean│f_t − f_s│";
  return NULL;
}
