// Runs meanfield.cu on the CPU: each thread of a block is a fiber that gives way at a barrier; blocks come one after
// the other, so that shared memory can be static. The test puts the definitions and the kernels at the marked line.
#define _GNU_SOURCE
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

typedef struct {
  float x, y, z, w;
} __attribute__((aligned(16))) float4;

static int threadX, blockX, blockY, blockSize;
static ucontext_t scheduler, *fibers;

#define KERNEL static
#define DEVICE static inline
#define LAUNCH_BOUNDS(threads)
#define SHARED static
#define ALIGNED __attribute__((aligned(16)))
#define RESTRICT __restrict__
#define BARRIER swapcontext(&fibers[threadX], &scheduler)
#define THREAD threadX
#define BLOCK_X blockX
#define BLOCK_Y blockY
#define BLOCK_SIZE blockSize
#define ATOMIC_ADD(address, value) (*(address) += (value))

// KERNELS

static void** arguments;
#define INT(i) (*(int*)arguments[i])
#define MEMORY(i) (*(void**)arguments[i])

static void call_simulate(void) {
  simulate(MEMORY(0), MEMORY(1), MEMORY(2), MEMORY(3), MEMORY(4), INT(5), INT(6));
}

static void call_philox_noise(void) {
  philox_noise(MEMORY(0), INT(1), INT(2), INT(3), INT(4), INT(5), INT(6));
}

static void call_connectivity(void) {
  connectivity(MEMORY(0), MEMORY(1), MEMORY(2), INT(3), INT(4), INT(5), INT(6), INT(7));
}

static void call_dynamics(void) {
  dynamics(MEMORY(0), INT(1), MEMORY(2));
}

#define STACK_BYTES 65536

static char* finished;

static void fiber(void (*kernel)(void)) {
  kernel();
  finished[threadX] = 1;
  swapcontext(&fibers[threadX], &scheduler);
}

static void entry(unsigned int high, unsigned int low) {
  fiber((void (*)(void))(((size_t)high << 32) | low));
}

static void run_block(void (*kernel)(void), char* stacks) {
  memset(finished, 0, blockSize);
  for (int t = 0; t < blockSize; t++) {
    getcontext(&fibers[t]);
    fibers[t].uc_stack.ss_sp = stacks + (size_t)t * STACK_BYTES;
    fibers[t].uc_stack.ss_size = STACK_BYTES;
    fibers[t].uc_link = NULL;
    size_t address = (size_t)kernel;
    makecontext(&fibers[t], (void (*)(void))entry, 2, (unsigned int)(address >> 32), (unsigned int)address);
  }
  for (int left = blockSize; left > 0;) {
    for (int t = 0; t < blockSize; t++) {
      if (!finished[t]) {
        threadX = t;
        swapcontext(&scheduler, &fibers[t]);
        left -= finished[t];
      }
    }
  }
}

// 0 done; 1 no such kernel; 2 no memory
int launch(const char* name, int blocksX, int blocksY, int threads, void** values) {
  void (*kernel)(void) = !strcmp(name, "simulate") ? call_simulate
      : !strcmp(name, "philox_noise")              ? call_philox_noise
      : !strcmp(name, "connectivity")              ? call_connectivity
      : !strcmp(name, "dynamics")                  ? call_dynamics
                                                   : NULL;
  if (!kernel) {
    return 1;
  }
  arguments = values;
  blockSize = threads;
  fibers = malloc(threads * sizeof(ucontext_t));
  finished = malloc(threads);
  char* stacks = malloc((size_t)threads * STACK_BYTES);
  if (!fibers || !finished || !stacks) {
    return 2;
  }
  for (blockY = 0; blockY < blocksY; blockY++) {
    for (blockX = 0; blockX < blocksX; blockX++) {
      run_block(kernel, stacks);
    }
  }
  free(stacks);
  free(finished);
  free(fibers);
  return 0;
}
