/* date_time: ISO 8601 as Joda's dateTimeParser takes it; both servers read dates with it. */
#ifndef GCM_CORE_DATE_TIME_H
#define GCM_CORE_DATE_TIME_H

#include "core/slice.h"

/* "2018", "2018-02-28", "2018-W07-3", "2018-059T12:30Z", "T12" … the whole text, nothing around it.
 */
bool gcm_is_date_time(struct gcm_slice text);

#endif
