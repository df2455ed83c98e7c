/* resume.h: what options may change in a run of dfkd distill that is gone on with, or in a training of dfkd train: nothing. */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/**
 * dfkd_resume_changes:
 * @recipe: (nullable): what --recipe named
 * @given: whose said parameters are wanted
 *
 * Those that the run in @folder does not have already; nothing is written. Errors: DFKD_ERROR_ARGUMENT for what cannot change while
 * a run goes on (dfkd_session_set()), naming the option. Teacher and test data may lie elsewhere than where the run found them, when they are no longer
 * there: that is for DfkdSessionOptions.
 *
 * Returns: (transfer full) (element-type DfkdParameterId)
 */
GArray *dfkd_resume_changes (const char *folder, const char *recipe, const DfkdRecipe *given, GError **error);

/** dfkd_resume_is_moved: whether @given says where the teacher or the test data of a run lie now that are no longer where @own says. Another teacher is
 * known by what it holds, and refused when the run is read. */
gboolean dfkd_resume_is_moved (const DfkdRecipe *own, const DfkdRecipe *given, DfkdParameterId id);

/** dfkd_resume_begin: waits until @session, which was begun paused, is ready; applies @changes, as @given has them; lets it run. */
gboolean dfkd_resume_begin (DfkdSession *session, const GArray *changes, const DfkdRecipe *given, GError **error);

/**
 * dfkd_resume_compare:
 * @file: where a training was kept, for messages
 * @kept: a JSON object of what it was begun with, by the names of the options; @now: of what is wanted now
 *
 * Returns: whether all that @now has is the same; DFKD_ERROR_ARGUMENT names the first option that is not
 */
gboolean dfkd_resume_compare (const char *file, const char *kept, const char *now, GError **error);

G_END_DECLS
