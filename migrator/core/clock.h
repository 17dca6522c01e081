/* clock: how long something takes, and until when to wait. */
#ifndef GCM_CORE_CLOCK_H
#define GCM_CORE_CLOCK_H

#include <stdint.h>
#include <time.h>

int64_t gcm_now_ms(void);           /* since some moment; never goes back */
struct timespec gcm_in_ms(long ms); /* for pthread_cond_timedwait and the like */

#endif
