/* pickle-opcodes.c: the machine that a pickle is a program for: one byte an operation, a stack, marks and a memo.
 *
 * Operations as in CPython's Lib/pickletools.py. It knows no class: those are in pickle-classes.c. */
#include "pickle-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  NEWEST_PROTOCOL = 5,
  MOST_NAME = 256, /* of a class with its module; messages repeat it */
};

/* ------------------------------------------------------------------------------------------- the stack */

/* how far down the stack may be popped */
static guint
stack_floor (const DfkdPickleReader *r)
{
  return r->marks->len > 0 ? g_array_index (r->marks, guint, r->marks->len - 1) : 0;
}

static gboolean
push (DfkdPickleReader *r, DfkdPickleValue *value)
{
  if (value == NULL || !dfkd_pickle_count_step (r))
    return FALSE;
  g_ptr_array_add (r->stack, value);
  return TRUE;
}

/* (nullable) */
static DfkdPickleValue *
top (DfkdPickleReader *r)
{
  if (r->stack->len > stack_floor (r))
    return r->stack->pdata[r->stack->len - 1];
  dfkd_pickle_damage (r, _("an operation in it finds nothing to work on"));
  return NULL;
}

static DfkdPickleValue *
pop (DfkdPickleReader *r)
{
  DfkdPickleValue *value = top (r);

  if (value != NULL)
    g_ptr_array_set_size (r->stack, (gint) r->stack->len - 1);
  return value;
}

/* takes the last mark away; what stands above @start belongs to the caller, who has to cut the stack there */
static gboolean
pop_mark (DfkdPickleReader *r, guint *start)
{
  *start = stack_floor (r);
  if (r->marks->len == 0)
    return dfkd_pickle_damage (r, _("an operation in it misses its mark"));
  g_array_set_size (r->marks, r->marks->len - 1);
  return TRUE;
}

/* --------------------------------------------------------------------------------------------- containers */

static gboolean
push_container (DfkdPickleReader *r, DfkdPickleKind kind, guint start)
{
  DfkdPickleValue *value = dfkd_pickle_make (r, kind);

  if (value == NULL)
    return FALSE;
  for (guint i = start; i < r->stack->len; i++)
    if (!dfkd_pickle_append (r, value, r->stack->pdata[i]))
      return FALSE;
  g_ptr_array_set_size (r->stack, (gint) start);
  return push (r, value);
}

static gboolean
push_marked (DfkdPickleReader *r, DfkdPickleKind kind)
{
  guint start;

  if (!pop_mark (r, &start))
    return FALSE;
  if (kind == DFKD_PICKLE_DICT && (r->stack->len - start) % 2 != 0)
    return dfkd_pickle_damage (r, _("a key in it has no value"));
  return push_container (r, kind, start);
}

static gboolean
push_tuple (DfkdPickleReader *r, guint count)
{
  if (r->stack->len - stack_floor (r) < count)
    return dfkd_pickle_damage (r, _("an operation in it finds nothing to work on"));
  return push_container (r, DFKD_PICKLE_TUPLE, r->stack->len - count);
}

/* moves what stands above @start into the container of @kind below it */
static gboolean
extend (DfkdPickleReader *r, DfkdPickleKind kind, guint start)
{
  DfkdPickleValue *container = start > stack_floor (r) ? r->stack->pdata[start - 1] : NULL;

  if (container == NULL || container->kind != kind)
    return dfkd_pickle_damage (r, _("an operation in it finds nothing to work on"));
  if (kind == DFKD_PICKLE_DICT && (r->stack->len - start) % 2 != 0)
    return dfkd_pickle_damage (r, _("a key in it has no value"));
  for (guint i = start; i < r->stack->len; i++)
    if (!dfkd_pickle_append (r, container, r->stack->pdata[i]))
      return FALSE;
  g_ptr_array_set_size (r->stack, (gint) start);
  return TRUE;
}

static gboolean
extend_by (DfkdPickleReader *r, DfkdPickleKind kind, guint count)
{
  if (r->stack->len - stack_floor (r) < count + 1)
    return dfkd_pickle_damage (r, _("an operation in it finds nothing to work on"));
  return extend (r, kind, r->stack->len - count);
}

static gboolean
extend_marked (DfkdPickleReader *r, DfkdPickleKind kind)
{
  guint start;

  return pop_mark (r, &start) && extend (r, kind, start);
}

static gboolean
read_container (DfkdPickleReader *r, guint8 code, gboolean *known)
{
  *known = TRUE;
  switch (code)
    {
    case ']':
    case 0x8f: /* a set */
      return push (r, dfkd_pickle_make (r, DFKD_PICKLE_LIST));
    case '}':
      return push (r, dfkd_pickle_make (r, DFKD_PICKLE_DICT));
    case ')':
      return push (r, r->empty);
    case 'l':
    case 0x91: /* a frozen set */
      return push_marked (r, DFKD_PICKLE_LIST);
    case 'd':
      return push_marked (r, DFKD_PICKLE_DICT);
    case 't':
      return push_marked (r, DFKD_PICKLE_TUPLE);
    case 0x85:
    case 0x86:
    case 0x87:
      return push_tuple (r, code - 0x84);
    case 'a':
      return extend_by (r, DFKD_PICKLE_LIST, 1);
    case 'e':
    case 0x90:
      return extend_marked (r, DFKD_PICKLE_LIST);
    case 's':
      return extend_by (r, DFKD_PICKLE_DICT, 2);
    case 'u':
      return extend_marked (r, DFKD_PICKLE_DICT);
    default:
      *known = FALSE;
      return FALSE;
    }
}

/* ------------------------------------------------------------------------------------------ classes, calls */

static gboolean
push_class (DfkdPickleReader *r, const char *module, gsize module_length, const char *name, gsize name_length)
{
  g_autofree char *a = NULL, *b = NULL;

  if (module_length + name_length > MOST_NAME || !g_utf8_validate_len (module, module_length, NULL)
      || !g_utf8_validate_len (name, name_length, NULL))
    return dfkd_pickle_damage (r, _("the name of a class in it is longer than %u bytes or no UTF-8"), MOST_NAME);
  a = g_strndup (module, module_length);
  b = g_strndup (name, name_length);
  return push (r, dfkd_pickle_find_class (r, a, b));
}

static gboolean
read_class_lines (DfkdPickleReader *r)
{
  const char *module, *name;
  gsize module_length, name_length;

  return dfkd_pickle_take_line (r, &module, &module_length) && dfkd_pickle_take_line (r, &name, &name_length)
         && push_class (r, module, module_length, name, name_length);
}

static gboolean
read_class_stacked (DfkdPickleReader *r)
{
  const DfkdPickleValue *name = pop (r), *module = name != NULL ? pop (r) : NULL;

  if (module == NULL)
    return FALSE;
  if (module->kind != DFKD_PICKLE_TEXT || name->kind != DFKD_PICKLE_TEXT)
    return dfkd_pickle_damage (r, _("the name of a class in it is no text"));
  return push_class (r, module->text, module->length, name->text, name->length);
}

static gboolean
read_call (DfkdPickleReader *r)
{
  DfkdPickleValue *arguments = pop (r), *callee = arguments != NULL ? pop (r) : NULL;

  if (callee == NULL)
    return FALSE;
  if (callee->kind != DFKD_PICKLE_CLASS || arguments->kind != DFKD_PICKLE_TUPLE)
    return dfkd_pickle_damage (r, _("it calls what is no class"));
  return push (r, dfkd_pickle_call (r, callee, arguments));
}

static gboolean
read_state (DfkdPickleReader *r)
{
  const DfkdPickleValue *state = pop (r);
  DfkdPickleValue *object = state != NULL ? top (r) : NULL;

  return object != NULL && dfkd_pickle_set_state (r, object, state);
}

static gboolean
read_persistent (DfkdPickleReader *r)
{
  const DfkdPickleValue *id = pop (r);

  return id != NULL && push (r, dfkd_pickle_persistent (r, id));
}

static gboolean
read_object (DfkdPickleReader *r, guint8 code, gboolean *known)
{
  *known = TRUE;
  switch (code)
    {
    case 'c':
    case 'i': /* its class is refused or wrong here, but by its name */
      return read_class_lines (r) && (code == 'c' || dfkd_pickle_damage (r, _("it calls what is no class")));
    case 0x93:
      return read_class_stacked (r);
    case 'R':
    case 0x81:
      return read_call (r);
    case 'b':
      return read_state (r);
    case 'Q':
      return read_persistent (r);
    default:
      *known = FALSE;
      return FALSE;
    }
}

/* ------------------------------------------------------------------------------------------ memo and the rest */

static gboolean
remember (DfkdPickleReader *r, guint64 number)
{
  DfkdPickleValue *value = top (r);

  if (value == NULL)
    return FALSE;
  g_hash_table_insert (r->memo, GSIZE_TO_POINTER (number + 1), value);
  return TRUE;
}

static gboolean
recall (DfkdPickleReader *r, guint64 number)
{
  DfkdPickleValue *value = g_hash_table_lookup (r->memo, GSIZE_TO_POINTER (number + 1));

  return value != NULL ? push (r, value) : dfkd_pickle_damage (r, _("it recalls what it never remembered"));
}

static gboolean
number_of_line (DfkdPickleReader *r, guint64 *number)
{
  const char *line;
  gsize length;

  if (!dfkd_pickle_take_line (r, &line, &length))
    return FALSE;
  *number = 0;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (line[i]) || i > 9)
        return dfkd_pickle_damage (r, _("it recalls what it never remembered"));
      *number = *number * 10 + (guint64) (line[i] - '0');
    }
  return TRUE;
}

static gboolean
read_header (DfkdPickleReader *r)
{
  guint64 protocol;

  if (!dfkd_pickle_take_size (r, 1, &protocol))
    return FALSE;
  return protocol <= NEWEST_PROTOCOL
         || dfkd_pickle_damage (r, _("its protocol is %u, expected at most %u"), (guint) protocol, NEWEST_PROTOCOL);
}

static gboolean
read_frame (DfkdPickleReader *r)
{
  guint64 size;

  if (!dfkd_pickle_take_size (r, 8, &size))
    return FALSE;
  return size <= (guint64) (r->end - r->at) || dfkd_pickle_damage (r, _("it is cut short"));
}

static gboolean
read_memo (DfkdPickleReader *r, guint8 code)
{
  const guint height = r->stack->len;
  guint64 number = 0;
  guint start;

  switch (code)
    {
    case '(':
      if (!dfkd_pickle_count_step (r))
        return FALSE;
      g_array_append_val (r->marks, height);
      return TRUE;
    case '0': /* pops a mark where nothing stands above it */
      if (r->marks->len > 0 && stack_floor (r) == height)
        return pop_mark (r, &start);
      return pop (r) != NULL;
    case '1':
      if (!pop_mark (r, &start))
        return FALSE;
      g_ptr_array_set_size (r->stack, (gint) start);
      return TRUE;
    case '2':
      return push (r, top (r));
    case 'p':
      return number_of_line (r, &number) && remember (r, number);
    case 'q':
    case 'r':
      return dfkd_pickle_take_size (r, code == 'q' ? 1 : 4, &number) && remember (r, number);
    case 0x94:
      return remember (r, g_hash_table_size (r->memo));
    case 'g':
      return number_of_line (r, &number) && recall (r, number);
    case 'h':
    case 'j':
      return dfkd_pickle_take_size (r, code == 'h' ? 1 : 4, &number) && recall (r, number);
    case 0x80:
      return read_header (r);
    case 0x95:
      return read_frame (r);
    case 0x98: /* a buffer made read-only, which all are here */
      return top (r) != NULL;
    default:
      return dfkd_pickle_damage (r, _("it holds the operation 0x%02x, which is not read"), code);
    }
}

gboolean
dfkd_pickle_run (DfkdPickleReader *r)
{
  while (r->problem == NULL)
    {
      const guint8 *code = dfkd_pickle_take (r, 1);
      DfkdPickleValue *value;
      gboolean known;

      if (code == NULL)
        return FALSE;
      if (*code == '.')
        {
          r->pickle->root = pop (r);
          return r->pickle->root != NULL;
        }
      value = dfkd_pickle_read_single (r, *code, &known);
      if (known)
        {
          push (r, value);
          continue;
        }
      if (read_container (r, *code, &known) || known)
        continue;
      if (read_object (r, *code, &known) || known)
        continue;
      read_memo (r, *code);
    }
  return FALSE;
}
