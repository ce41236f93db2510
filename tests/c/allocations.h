/* Out of memory at will: the allocator of the program, which refuses the request it is told to. A program runs its
 * calls with WITH_RETRY, compares its results between runs, and skips itself where HAS_ALLOCATIONS is not defined: with
 * a sanitizer, which has an allocator of its own, or without glibc.
 */
#ifndef KW_TESTS_C_ALLOCATIONS_H
#define KW_TESTS_C_ALLOCATIONS_H

#include <errno.h>
#include <kundenwert.h>
#include <stdatomic.h>

#include "check.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER
#endif

#if defined(__GLIBC__) && !defined(HAS_SANITIZER)
#define HAS_ALLOCATIONS

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* old, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void* memory);

static atomic_long alive;    /* allocations not freed */
static atomic_long requests; /* since the failure was armed */
static atomic_long fail_at;  /* the request that fails, from 1; 0: none */
static atomic_long fail_until;
static atomic_long failures;

static int is_refused(void) {
  const long request = atomic_fetch_add(&requests, 1) + 1;
  const long first = atomic_load(&fail_at);
  if (first == 0 || request < first || request >= atomic_load(&fail_until)) return 0;
  atomic_fetch_add(&failures, 1);
  errno = ENOMEM;
  return 1;
}

static void* counted(void* memory) {
  if (memory != NULL) atomic_fetch_add(&alive, 1);
  return memory;
}

void* malloc(size_t size) { return is_refused() ? NULL : counted(__libc_malloc(size)); }
void* calloc(size_t count, size_t size) { return is_refused() ? NULL : counted(__libc_calloc(count, size)); }
void* realloc(void* old, size_t size) {
  if (is_refused()) return NULL;
  return old == NULL ? counted(__libc_realloc(old, size)) : __libc_realloc(old, size);
}
void* memalign(size_t alignment, size_t size) {
  return is_refused() ? NULL : counted(__libc_memalign(alignment, size));
}
void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void** out, size_t alignment, size_t size) {
  void* memory = memalign(alignment, size);
  if (memory == NULL) return ENOMEM;
  *out = memory;
  return 0;
}
void free(void* memory) {
  if (memory != NULL) atomic_fetch_sub(&alive, 1);
  __libc_free(memory);
}

/* One failure per run: the k-th request, or (is_lasting) all of them from the k-th on until the call has returned. */
static int is_lasting;
static int is_over;
static kw_error error;

static void arm(long k) {
  atomic_store(&requests, 0);
  atomic_store(&failures, 0);
  atomic_store(&fail_until, is_lasting ? k + 1000000000L : k + 1);
  atomic_store(&fail_at, k);
  is_over = k == 0;
}

static void disarm(void) {
  if (atomic_load(&failures) == 0) return;
  atomic_store(&fail_at, 0);
  is_over = 1;
}

/* Whether the call succeeded; one that ran out of memory is to be made again. */
static int succeeded(kw_status status) {
  const int was_over = is_over;
  disarm();
  if (status == KW_OK) return 1;
  if (status != KW_ERROR_OUT_OF_MEMORY || error.code != status || was_over) {
    printf("status %d: %s\n", (int)status, error.message);
    exit(1);
  }
  return 0;
}
#define WITH_RETRY(call) \
  while (!succeeded(call)) continue

/* Calls run(results) with no request refused, and then with each one refused (for a while, and from it on; there every
 * 17th is enough, as what one refusal does not show, many in a row rarely do), and compares bytes of results. */
static void run_without_memory(void (*run)(void* results), void* expected, void* found, size_t size) {
  printf("out of memory\n"); /* the first line allocates the buffer of the output */
  for (is_lasting = 0; is_lasting <= 1; ++is_lasting) {
    const long step = is_lasting ? 17 : 1;
    long allocations = 0;
    memset(expected, 0, size);
    arm(0);
    run(expected);
    for (long k = 1;; k += step) {
      const long before = atomic_load(&alive);
      memset(found, 0, size);
      arm(k);
      run(found);
      atomic_store(&fail_at, 0);
      if (!is_over) break; /* fewer than k allocations: every one has failed once */
      allocations = k;
      if (atomic_load(&alive) != before || memcmp(found, expected, size) != 0) {
        printf("allocation %ld: %ld not freed, results %s\n", k, atomic_load(&alive) - before,
               memcmp(found, expected, size) == 0 ? "equal" : "differ");
        ++checks_failed;
      } else {
        ++checks_passed;
      }
    }
    printf("%ld allocations, %s\n", allocations, is_lasting ? "all from one on refused" : "one refused");
    CHECK(allocations > 100);
  }
}

#endif

static inline int skip_without_allocations(void) {
  printf("skipped: needs glibc without sanitizer\n");
  return 77;
}

#endif
