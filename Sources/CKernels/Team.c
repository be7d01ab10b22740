#include "Team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

// How often the second thread looks for work before it sleeps: some tens of microseconds, which is
// longer than what lies between two operations of a training step.
#define PATIENCE 20000

// A closure of Swift's, (Int) -> Void, in two words: its code and what it captures.
#define SWIFT __attribute__((swiftcall))
typedef SWIFT void (*ck_half)(ptrdiff_t half, __attribute__((swift_context)) void *context);

struct ck_team {
  int threads;
  void (*prepare)(void);
  ck_half half;
  void *context;
  // Rounds that were begun, and rounds that the second thread has ended.
  _Atomic unsigned begun, ended;
  atomic_int sleeping, closing;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t woken;
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Whether there is a round after `seen`; sleeps while there is none.
static int await_round(struct ck_team *team, unsigned seen) {
  for (int look = 0; look < PATIENCE; look++) {
    if (atomic_load_explicit(&team->begun, memory_order_acquire) != seen) return 1;
    if (atomic_load_explicit(&team->closing, memory_order_relaxed)) return 0;
    pause_briefly();
  }
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->sleeping, 1);
  while (atomic_load(&team->begun) == seen && !atomic_load(&team->closing))
    pthread_cond_wait(&team->woken, &team->mutex);
  atomic_store(&team->sleeping, 0);
  pthread_mutex_unlock(&team->mutex);
  return atomic_load(&team->begun) != seen;
}

unsigned ck_flush_small(void) {
#if defined(__x86_64__)
  unsigned setting = __builtin_ia32_stmxcsr();
  // Results and operands: the bits FTZ and DAZ.
  __builtin_ia32_ldmxcsr(setting | 0x8040);
  return setting;
#else
  return 0;
#endif
}

void ck_restore_small(unsigned setting) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(setting);
#else
  (void)setting;
#endif
}

static void *work(void *argument) {
  struct ck_team *team = argument;
  ck_flush_small();
  if (team->prepare) team->prepare();
  for (unsigned seen = 0; await_round(team, seen); seen++) {
    team->half(1, team->context);
    atomic_store_explicit(&team->ended, seen + 1, memory_order_release);
  }
  return NULL;
}

static void wake(struct ck_team *team) {
  if (!atomic_load(&team->sleeping)) return;
  pthread_mutex_lock(&team->mutex);
  pthread_cond_signal(&team->woken);
  pthread_mutex_unlock(&team->mutex);
}

struct ck_team *ck_team_make(int threads, void (*prepare)(void)) {
  struct ck_team *team = calloc(1, sizeof *team);
  if (!team) return NULL;
  team->threads = threads;
  team->prepare = prepare;
  if (threads < 2) return team;
  pthread_mutex_init(&team->mutex, NULL);
  pthread_cond_init(&team->woken, NULL);
  if (pthread_create(&team->thread, NULL, work, team) == 0) return team;
  free(team);
  return NULL;
}

SWIFT void ck_team_run(struct ck_team *team, ck_half half, void *context) {
  if (team->threads < 2) {
    half(0, context);
    half(1, context);
    return;
  }
  team->half = half;
  team->context = context;
  unsigned round = atomic_load_explicit(&team->begun, memory_order_relaxed) + 1;
  atomic_store(&team->begun, round);
  wake(team);
  half(0, context);
  for (int look = 1; atomic_load_explicit(&team->ended, memory_order_acquire) != round; look++) {
    // The second thread may be waiting for this one's processor.
    if (look % 2000 == 0) sched_yield();
    pause_briefly();
  }
}

void ck_team_free(struct ck_team *team) {
  if (team->threads > 1) {
    pthread_mutex_lock(&team->mutex);
    atomic_store(&team->closing, 1);
    pthread_cond_signal(&team->woken);
    pthread_mutex_unlock(&team->mutex);
    pthread_join(team->thread, NULL);
    pthread_mutex_destroy(&team->mutex);
    pthread_cond_destroy(&team->woken);
  }
  free(team);
}
