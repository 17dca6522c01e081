/* graphcool.yml of the 1.0 preview, which became prisma.yml (spec/graphcool-framework.md §1.14).
 * Its data model is that of Prisma already; it is read so that the report can say so. */
#include "source/reader.h"

static const char *const known_keys[] = {"service", "datamodel",     "stage",  "stages",
                                         "cluster", "secret",        "schema", "disableAuth",
                                         "seed",    "subscriptions", "custom", NULL};

void gcm_read_preview(struct gcm_reader *reader)
{
    const struct gcm_yaml *root = reader->project->yaml;
    const struct gcm_yaml *datamodel = gcm_yaml_get(root, "datamodel");
    gcm_check_keys(reader, root, "graphcool.yml of the 1.0 preview", known_keys);
    if (datamodel)
        gcm_read_types(reader, datamodel);
    else
        gcm_problem(reader, (struct gcm_place){.file = reader->definition},
                    "name the file of the data model: datamodel: datamodel.graphql",
                    "the key \"datamodel\" is missing");
}
