/* streams.c: /dev/null, opened so that it is of no use. */
#include "streams.h"

#include <fcntl.h>
#include <unistd.h>

gboolean
dfkd_streams_fill (void)
{
  static const int modes[] = { [STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY };

  for (int i = 0; i < (int) G_N_ELEMENTS (modes); i++)
    if (fcntl (i, F_GETFD) < 0 && open ("/dev/null", modes[i]) != i)
      return FALSE;
  return TRUE;
}
