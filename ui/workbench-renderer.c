/* workbench-renderer.c: asks OpenGL what it is. */
#include "workbench-renderer.h"

#include <epoxy/gl.h>
#include <string.h>

static gboolean
is_software (GdkGLContext *context)
{
  static const char *const names[] = { "llvmpipe", "softpipe", "swrast" };
  const char *renderer;
  gboolean found = FALSE;

  gdk_gl_context_make_current (context);
  renderer = (const char *) glGetString (GL_RENDERER);
  for (guint i = 0; renderer != NULL && i < G_N_ELEMENTS (names); i++)
    found |= strstr (renderer, names[i]) != NULL;
  gdk_gl_context_clear_current ();
  return found;
}

gboolean
workbench_renderer_choose (GdkDisplay *display)
{
  g_autoptr (GdkGLContext) context = NULL;

  if (g_getenv ("GSK_RENDERER") != NULL)
    return FALSE;
  context = gdk_display_create_gl_context (display, NULL); /* without OpenGL the toolkit takes Cairo by itself */
  if (context == NULL || !gdk_gl_context_realize (context, NULL) || !is_software (context))
    return FALSE;
  return g_setenv ("GSK_RENDERER", "cairo", FALSE); /* read when the first window is realised; no thread of ours runs yet */
}
