/* workbench-published-line.h: a reference line at what the paper reports for a recipe, and nothing where it reports none. */
#pragma once

#include "workbench-published.h"
#include "workbench-reference-layer.h"

G_BEGIN_DECLS

WorkbenchReferenceLayer *workbench_published_line_new (void);
/** workbench_published_line_look: finds in the background what was published for @recipe; NULL: shows nothing, and looks no more. */
void workbench_published_line_look (WorkbenchReferenceLayer *line, const DfkdRecipe *recipe);

G_END_DECLS
