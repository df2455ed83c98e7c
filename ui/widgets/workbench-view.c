/* workbench-view.c: calling a view, whichever it is. */
#include "workbench-view.h"

G_DEFINE_INTERFACE (WorkbenchView, workbench_view, GTK_TYPE_WIDGET)

static const char *const *
no_endings (WorkbenchView *self)
{
  static const char *const none[] = { NULL };

  return none;
}

static void
workbench_view_default_init (WorkbenchViewInterface *iface)
{
  iface->get_endings = no_endings;
}

void
workbench_view_set_document (WorkbenchView *self, WorkbenchDocument *document)
{
  WORKBENCH_VIEW_GET_IFACE (self)->set_document (self, document);
}

void
workbench_view_set_comparison (WorkbenchView *self, WorkbenchComparison *comparison)
{
  if (WORKBENCH_VIEW_GET_IFACE (self)->set_comparison != NULL)
    WORKBENCH_VIEW_GET_IFACE (self)->set_comparison (self, comparison);
}

gboolean
workbench_view_compares (WorkbenchView *self)
{
  WorkbenchViewInterface *iface = WORKBENCH_VIEW_GET_IFACE (self);

  return iface->set_comparison != NULL && (iface->compares == NULL || iface->compares (self));
}

void
workbench_view_show_comparison (WorkbenchView *self)
{
  if (WORKBENCH_VIEW_GET_IFACE (self)->show_comparison != NULL)
    WORKBENCH_VIEW_GET_IFACE (self)->show_comparison (self);
}

const char *const *
workbench_view_get_endings (WorkbenchView *self)
{
  return WORKBENCH_VIEW_GET_IFACE (self)->get_endings (self);
}

gboolean
workbench_view_save (WorkbenchView *self, const char *path, GError **error)
{
  g_return_val_if_fail (WORKBENCH_VIEW_GET_IFACE (self)->save != NULL, FALSE);
  return WORKBENCH_VIEW_GET_IFACE (self)->save (self, path, error);
}

gboolean
workbench_view_save_in_background (WorkbenchView *self, const char *path)
{
  WorkbenchViewInterface *iface = WORKBENCH_VIEW_GET_IFACE (self);

  return iface->save_in_background != NULL && iface->save_in_background (self, path);
}
