/* machine.c: what is there to measure on: dfkd's devices, and Python with PyTorch. */
#include "measure.h"

#include <gnu/libc-version.h>
#include <json-glib/json-glib.h>
#include <string.h>

static char *
member (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, ""));
}

/* as dfkd chooses for --device vulkan; smaller is better */
static guint
rank_of (const char *kind)
{
  static const char *const kinds[] = { "discrete GPU", "integrated GPU", "virtual GPU", "other device", "software driver" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kind, kinds[i]))
      return i;
  return G_N_ELEMENTS (kinds);
}

static gboolean
choose (const Settings *settings, JsonArray *devices, Machine *machine)
{
  JsonObject *best = NULL;

  for (guint i = 0; i < json_array_get_length (devices); i++)
    {
      JsonObject *device = json_array_get_object_element (devices, i);
      const char *id = json_object_get_string_member (device, "id"), *kind = json_object_get_string_member (device, "kind");

      g_print ("  %-10s %s · %s · %s\n", id, json_object_get_string_member (device, "name"), kind,
               json_object_get_string_member (device, "driver"));
      if (settings->device != NULL && !g_str_equal (settings->device, "vulkan"))
        {
          if (g_str_equal (settings->device, id))
            best = device;
        }
      else if (g_str_has_prefix (id, "vulkan:")
               && (best == NULL || rank_of (kind) < rank_of (json_object_get_string_member (best, "kind"))))
        best = device;
    }
  if (best == NULL)
    return FALSE;
  machine->id = member (best, "id");
  machine->name = member (best, "name");
  machine->kind = member (best, "kind");
  machine->driver = member (best, "driver");
  return TRUE;
}

/* "model name" of the first processor */
static char *
processor_name (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL) || (line = strstr (text, "model name")) == NULL
      || (line = strchr (line, ':')) == NULL)
    return g_strdup ("unknown");
  return g_strstrip (g_strndup (line + 1, strcspn (line + 1, "\n")));
}

gboolean
find_devices (const Settings *settings, Machine *machine, GError **error)
{
  g_autoptr (GPtrArray) command = start_program (settings, "dfkd"), version = start_program (settings, "dfkd");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *output = NULL, *errors = NULL;
  int code;

  g_ptr_array_add (version, g_strdup ("--version"));
  if (run_program (version, &machine->version, NULL, error) != 0)
    return FALSE;
  if (g_str_has_prefix (g_strstrip (machine->version), "dfkd "))
    memmove (machine->version, machine->version + strlen ("dfkd "), strlen (machine->version + strlen ("dfkd ")) + 1);
  machine->processor = processor_name ();
  machine->c_library = g_strdup_printf ("glibc %s", gnu_get_libc_version ());
  g_ptr_array_add (command, g_strdup ("devices"));
  g_ptr_array_add (command, g_strdup ("--json"));
  code = run_program (command, &output, &errors, error);
  if (code != 0)
    {
      g_autofree char *said = last_line (errors, code);

      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "dfkd devices: %s", said);
      return FALSE;
    }
  if (!json_parser_load_from_data (parser, output, -1, error))
    return FALSE;
  if (choose (settings, json_node_get_array (json_parser_get_root (parser)), machine))
    return TRUE;
  if (settings->device != NULL && !g_str_equal (settings->device, "vulkan"))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "--device %s: it is not in this list", settings->device);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "no driver for Vulkan 1.2 or newer was found. Install the GPU's driver with its Vulkan part; in a container, NVIDIA's "
                 "is handed in only with NVIDIA_DRIVER_CAPABILITIES=all; a driver elsewhere is named by VK_DRIVER_FILES=….json");
  return FALSE;
}

static void
no_peer (Machine *machine, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_free (machine->no_peer);
  machine->no_peer = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

static void
read_probe (const Settings *settings, Machine *machine, JsonObject *probe)
{
  JsonArray *variants = json_object_get_array_member (probe, "variants");

  machine->python = member (probe, "python");
  machine->cuda = member (probe, "cuda");
  if (!json_object_get_boolean_member_with_default (probe, "available", FALSE))
    {
      g_autofree char *torch = member (probe, "torch");

      no_peer (machine, "PyTorch %s (CUDA %s) of %s finds no GPU", torch, machine->cuda, settings->python);
      return;
    }
  machine->torch = member (probe, "torch");
  machine->cudnn = member (probe, "cudnn");
  machine->peer_name = member (probe, "device");
  machine->capability = member (probe, "capability");
  for (guint i = 0; i < json_array_get_length (variants); i++)
    for (guint side = SIDE_EAGER; side < N_SIDES; side++)
      if (g_str_equal (json_array_get_string_element (variants, i), side_key (side)))
        machine->has_side[side] = TRUE;
}

void
find_peer (const Settings *settings, Machine *machine)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL, *errors = NULL, *said = NULL;
  int code;

  machine->has_side[SIDE_DFKD] = TRUE;
  machine->has_side[SIDE_PLAIN] = strstr (machine->kind, "GPU") != NULL && g_str_equal (settings->precision, "float32");
  if (settings->alone)
    {
      no_peer (machine, "left out as asked");
      return;
    }
  g_ptr_array_add (command, g_strdup (settings->python));
  g_ptr_array_add (command, g_build_filename (settings->bundle, "peer", "gpu_peer.py", NULL));
  g_ptr_array_add (command, g_strdup ("--probe"));
  g_ptr_array_add (command, g_strdup ("--device"));
  g_ptr_array_add (command, g_strdup (settings->peer_device));
  code = run_program (command, &output, &errors, &error);
  said = last_line (errors, code);
  if (code < 0)
    no_peer (machine, "there is no %s (%s)", settings->python, error->message);
  else if (code != 0)
    no_peer (machine, "%s cannot run it: %s", settings->python, said);
  else if (!json_parser_load_from_data (parser, output, -1, NULL) || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    no_peer (machine, "%s gave no answer", settings->python);
  else
    read_probe (settings, machine, json_node_get_object (json_parser_get_root (parser)));
}
