/* models: type definitions → models, fields, enums and relations, as the Framework's server
 * understood them (spec/graphcool-framework.md §2). Never fails: what is wrong is left for the
 * verdict and the plan to name. */
#ifndef GCM_SOURCE_MODELS_H
#define GCM_SOURCE_MODELS_H

#include "source/project.h"

/* Fills project->enums, models, relations and the maps from project->type_files. */
void gcm_models_read(struct gcm_project *project);

#endif
