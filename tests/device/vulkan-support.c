/* vulkan-support.c: what tests of the Vulkan backend share. */
#include "vulkan-support.h"

#include "support.h"

#include <locale.h>

DfkdDevice *
vulkan_open (void)
{
  g_autoptr (GError) error = NULL;
  DfkdDevice *device = dfkd_device_open ("vulkan", 0, &error);

  g_assert_no_error (error);
  return device;
}

DfkdBlock *
new_block (DfkdDevice *device, DfkdShape shape)
{
  g_autoptr (GError) error = NULL;
  DfkdBlock *block = dfkd_block_new ("block");

  dfkd_block_add (block, "variable", shape);
  dfkd_device_allocate (device, block, &error);
  g_assert_no_error (error);
  return block;
}

DfkdProgram *
new_program (DfkdDevice *device, DfkdGraph *graph)
{
  g_autoptr (GError) error = NULL;
  DfkdProgram *program = dfkd_program_new (device, graph, &error);

  g_assert_no_error (error);
  return program;
}

void
run (DfkdProgram *program)
{
  g_autoptr (GError) error = NULL;

  dfkd_program_run (program, &error);
  g_assert_no_error (error);
}

void
finish (DfkdProgram *program)
{
  g_autoptr (GError) error = NULL;

  dfkd_program_wait (program, &error);
  g_assert_no_error (error);
}

char *
vulkan_cache_file (const char *prefix)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "dfkd", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL && !g_str_has_prefix (name, prefix))
    ;
  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

int
vulkan_main (int argc, char **argv, void (*add_tests) (void))
{
  g_autofree char *folder = NULL;
  int result;
  g_autoptr (DfkdDevice) device = NULL;

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  /* not G_TEST_OPTION_ISOLATE_DIRS: it hides the Vulkan drivers too */
  if (!g_test_subprocess ())
    {
      folder = g_dir_make_tmp ("test-vulkan-XXXXXX", NULL);
      g_setenv ("XDG_CACHE_HOME", folder, TRUE);
    }
  device = dfkd_device_open ("vulkan", 0, NULL);
  if (device == NULL)
    return 77; /* no driver: nothing to test */
  g_clear_pointer (&device, dfkd_device_free);
  add_tests ();
  result = g_test_run ();
  if (folder != NULL)
    remove_folder (folder); /* Mesa's own cache stands there too */
  return result;
}
