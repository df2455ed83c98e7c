/* keep-libraries.c: for sanitizer runs only, preloaded. Nothing is unloaded, so that what a Vulkan driver keeps in its own
 * variables is still reachable when leaks are looked for, and what it does leak is named (leaks.supp) instead of being
 * "unknown module". The Vulkan loader has a setting for this only since 1.3.259. */
int dlclose (void *library);

int
dlclose (void *library)
{
  (void) library;
  return 0;
}
