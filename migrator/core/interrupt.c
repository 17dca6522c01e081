#include "core/interrupt.h"

#include <signal.h>
#include <unistd.h>

enum { EXIT_INTERRUPTED = 130 };

/* The one thing that a signal handler and the program share. */
static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
    (void)signal;
    if (interrupted)
        _exit(EXIT_INTERRUPTED);
    interrupted = 1;
}

void gcm_interrupt_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool gcm_interrupted(void)
{
    return interrupted != 0;
}
