/* manual.c: dfkd help --man: the manual page of dfkd as roff, from the same tables as everything else, so that it cannot fall behind. */
#include "command.h"
#include "manual.h"

#include <stdio.h>

/* as roff wants it: no line begins with a control character, hyphens of options are minus signs */
static void
put (const char *text)
{
  for (gboolean start = TRUE; *text != '\0'; text++)
    {
      if (start && (*text == '.' || *text == '\''))
        fputs ("\\&", stdout);
      if (*text == '\\')
        fputs ("\\e", stdout);
      else if (*text == '-')
        fputs ("\\-", stdout);
      else
        putchar (*text); /* a byte of what is UTF-8 already */
      start = *text == '\n';
    }
}

static void
put_parameter (const DfkdParameter *p)
{
  g_autofree char *option = g_strdelimit (g_strdup (p->name), "_", '-');

  printf (".TP\n.B \\-\\-");
  put (option);
  printf ("\n");
  put (p->effect);
  printf ("\n");
  if (*p->equation != '\0')
    {
      printf (".br\n");
      put (p->equation);
      printf ("\n");
    }
  printf (".br\n");
  if (p->type == DFKD_PARAMETER_CHOICE)
    {
      g_autofree char *choices = g_strjoinv (", ", (char **) p->choices);

      printf ("One of ");
      put (choices);
      printf ("; %s unless said otherwise.\n", p->choices[(guint) p->fallback]);
    }
  else if (p->type == DFKD_PARAMETER_TEXT)
    printf ("%s%s%s\n", "Text", *p->text != '\0' ? "; unless said otherwise " : "; empty unless said otherwise.", p->text);
  else
    printf ("From %.10g to %.10g%s%s; %.10g unless said otherwise.\n", p->minimum, p->maximum, *p->unit != '\0' ? " " : "", p->unit, p->fallback);
}

void
dfkd_manual_print_options (const GOptionEntry *entries)
{
  for (; entries->long_name != NULL; entries++)
    {
      if ((entries->flags & G_OPTION_FLAG_HIDDEN) != 0)
        continue;
      if (*entries->long_name == '\0') /* what stands without a name */
        continue;
      printf (".TP\n");
      if (entries->short_name != 0)
        printf (".BR \\-%c \", \" \\-\\-", entries->short_name);
      else
        printf (".B \\-\\-");
      put (entries->long_name);
      if (entries->arg_description != NULL)
        {
          printf ("%s", entries->short_name != 0 ? " =\\fI" : "\\fR=\\fI");
          put (entries->arg_description);
          printf ("\\fR");
        }
      printf ("\n");
      put (entries->description);
      printf (".\n");
    }
}

void
dfkd_manual_print_command (const char *name, const char *arguments, const char *summary)
{
  printf (".B dfkd %s\n.RI [ OPTION ...]\n", name);
  if (arguments != NULL)
    {
      printf (".I \"");
      put (arguments);
      printf ("\"\n");
    }
  printf (".PP\n");
  put (summary);
  printf ("\n");
}

void
dfkd_manual_print (const DfkdManualCommand *commands, guint count)
{
  static const char *const groups[] = { "Synthesis", "Losses", "Student", "Run" };
  g_autofree char *names = dfkd_built_in_names ();

  printf (".TH DFKD 1 \"\" \"dfkd %s\" \"User Commands\"\n.SH NAME\ndfkd \\- data\\-free knowledge distillation in a terminal\n"
           ".SH SYNOPSIS\n.B dfkd\n.I COMMAND\n.RI [ OPTION ...]\n.SH DESCRIPTION\n"
           "A trained network, the teacher, is given; the images that it learned from are not. Images are synthesised out of nothing but the "
           "teacher's weights, and a smaller network, the student, learns from the teacher on them (FastDFKD).\n"
           ".SH COMMANDS\n",
           DFKD_VERSION);
  for (guint i = 0; i < count; i++)
    {
      printf (".TP\n.B ");
      put (commands[i].name);
      printf ("\n");
      put (commands[i].summary);
      printf (".\n");
    }
  printf (".SH OPTIONS OF THE COMMANDS\n.B dfkd\n.I COMMAND\n.B \\-\\-help\nlists them too.\n");
  for (guint i = 0; i < count; i++)
    {
      char *arguments[] = { (char *) commands[i].name, (char *) DFKD_MANUAL_OPTION, NULL };

      printf (".SS dfkd %s\n", commands[i].name);
      commands[i].run (2, arguments);
    }
  printf (".SH OPTIONS OF A RUN\nOf\n.B dfkd distill\nand, as far as they apply, the other commands. A recipe is a JSON file, {\"name\": \\(lq\\(rq, \"parameters\": {\"k\": 2}}, with the same names, read with\n"
           ".BR \\-\\-recipe =\\fIRECIPE\\fR ;\noptions override it. The same option takes a built\\-in recipe by its name: ");
  put (names);
  printf (".\nThose but the first two are the settings of the paper (Fang et al., AAAI 2022) for a teacher that\n"
           ".B \\-\\-teacher\nnames and test data that\n.B \\-\\-data\nnames.\n");
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    {
      printf (".SS %s\n", groups[g]);
      for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
        if (g_str_equal (dfkd_parameter (id)->group, groups[g]))
          put_parameter (dfkd_parameter (id));
    }
  printf (".SH FILES\n.TP\n.I runs/\nwhere\n.B dfkd distill\nmakes the folder of each run, unless told otherwise: recipe.json, events.jsonl, pictures, snapshots, "
           "student.safetensors, summary.json.\n"
           ".SH EXAMPLES\n.nf\ndfkd distill\ndfkd distill \\-\\-k 2 \\-\\-teacher teacher.safetensors \\-\\-data none\n"
           "dfkd distill \\-\\-recipe \"Fast\\-5 WRN\\-40\\-2 \\-> WRN\\-16\\-1\" \\-\\-teacher teacher.pth\ndfkd distill \\-\\-resume runs/2026\\-01\\-01\\-120000\n.fi\n"
           ".SH SEE ALSO\n.BR dfkd\\-workbench (1)\n");
}
