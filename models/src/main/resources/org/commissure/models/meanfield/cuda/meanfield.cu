// The regional mean-field model on a GPU: simulation, noise, connectivity and its dynamics.
//
// KernelSource writes the definitions of the connectome's size, the clock and the constants before this text. What is
// between here and the first kernel lets the same text compile as plain C, where a test runs it against the reference
// engine. All arrays are row-major, floats unless said otherwise.

#ifdef __CUDACC__
#define KERNEL extern "C" __global__
#define DEVICE __device__ static inline
#define LAUNCH_BOUNDS(threads) __launch_bounds__(threads)
#define SHARED __shared__
#define ALIGNED __align__(16)
#define RESTRICT __restrict__
#define BARRIER __syncthreads()
#define THREAD ((int)threadIdx.x)
#define BLOCK_X ((int)blockIdx.x)
#define BLOCK_Y ((int)blockIdx.y)
#define BLOCK_SIZE ((int)blockDim.x)
#define ATOMIC_ADD(address, value) atomicAdd(address, value)
#endif

#define PADDED ((REGIONS + 3) / 4 * 4)
#define PAIRS (REGIONS * (REGIONS - 1) / 2)
#define NEAR_THRESHOLD 1e-4f

// H in hertz, of u = a x - b; its limit 1/d + u/2 where both sides of the fraction vanish.
DEVICE float firing_rate(float drive) {
  if (fabsf(drive) < NEAR_THRESHOLD) {
    return 1.0f / CURVATURE + 0.5f * drive;
  }
  return drive / -expm1f(-CURVATURE * drive);
}

// What region `region` receives: the row of the connectome times the gating of all regions.
//
// A block keeps the rows in registers, one a thread, where they fit, and reads four gatings at a time, which all
// threads of a warp share; four sums shorten the chain of dependent additions. Larger connectomes stay in the cache,
// transposed, so that the threads of a warp read neighbours.
#if ROW_IN_REGISTERS
#define COUPLED(sum)                                   \
  {                                                    \
    const float4* four = (const float4*)now;           \
    float sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;      \
    _Pragma("unroll") for (int j = 0; j < PADDED / 4; j++) { \
      float4 s = four[j];                              \
      sum0 += row[4 * j] * s.x;                        \
      sum1 += row[4 * j + 1] * s.y;                    \
      sum2 += row[4 * j + 2] * s.z;                    \
      sum3 += row[4 * j + 3] * s.w;                    \
    }                                                  \
    sum = (sum0 + sum1) + (sum2 + sum3);               \
  }
#else
#define COUPLED(sum)                                   \
  {                                                    \
    float sum0 = 0, sum1 = 0;                          \
    _Pragma("unroll 4") for (int j = 0; j < REGIONS - 1; j += 2) { \
      sum0 += connectome[j * REGIONS + own] * now[j];  \
      sum1 += connectome[(j + 1) * REGIONS + own] * now[j + 1]; \
    }                                                  \
    if (REGIONS % 2) {                                 \
      sum0 += connectome[(REGIONS - 1) * REGIONS + own] * now[REGIONS - 1]; \
    }                                                  \
    sum = sum0 + sum1;                                 \
  }
#endif

// Integrates steps [firstStep, firstStep + steps) of one candidate a block, one region a thread.
//
// connectome  [REGIONS, REGIONS]: entry (j, i) weighs what region i receives from region j
// parameters  [candidates, 4, REGIONS]: J w; I; J G; noise per step
// noise       [steps, REGIONS]: standard normal, of these steps, shared by all candidates
// state       [candidates, 5, REGIONS]: S, z, f, v, q between two launches; written by the first
// bold        [candidates, FRAMES, REGIONS]
KERNEL void LAUNCH_BOUNDS(THREADS) simulate(const float* RESTRICT connectome, const float* RESTRICT parameters,
    const float* RESTRICT noise, float* RESTRICT state, float* RESTRICT bold, int firstStep, int steps) {
  SHARED ALIGNED float gating[2][PADDED];
  const int region = THREAD;
  const int active = region < REGIONS;
  const int own = active ? region : REGIONS - 1; // threads without a region repeat the last one's and write nothing
  const float* mine = parameters + (size_t)BLOCK_X * 4 * REGIONS + own;
  const float recurrence = mine[0];
  const float input = mine[REGIONS];
  const float coupling = mine[2 * REGIONS];
  const float noiseScale = mine[3 * REGIONS];
  float* kept = state + (size_t)BLOCK_X * 5 * REGIONS + own;
  float S = INITIAL_GATING, z = 0, f = 1, v = 1, q = 1;
  if (firstStep > 0) {
    S = kept[0];
    z = kept[REGIONS];
    f = kept[2 * REGIONS];
    v = kept[3 * REGIONS];
    q = kept[4 * REGIONS];
  }
#if ROW_IN_REGISTERS
  float row[PADDED];
  _Pragma("unroll") for (int j = 0; j < PADDED; j++) {
    row[j] = j < REGIONS ? connectome[j * REGIONS + own] : 0;
  }
#endif
  if (active) {
    gating[0][region] = S;
  }
  if (region < PADDED - REGIONS) {
    gating[0][REGIONS + region] = 0;
    gating[1][REGIONS + region] = 0;
  }
  BARRIER;
  float* frames = bold + (size_t)BLOCK_X * FRAMES * REGIONS + own;
  float ahead = noise[own];
  for (int done = 0; done < steps; done++) {
    const float* now = gating[done & 1];
    const float increment = ahead;
    if (done + 1 < steps) {
      ahead = noise[(size_t)(done + 1) * REGIONS + own]; // asked for a step early: memory is slow
    }
    float coupled;
    COUPLED(coupled)
    const float rate = firing_rate(GAIN * (recurrence * S + coupling * coupled + input) - THRESHOLD);
    const float before = S;
    S = before + STEP_SECONDS * (KINETICS * (1 - before) * rate - before / DECAY_SECONDS) + noiseScale * increment;
    if (active) {
      gating[(done + 1) & 1][region] = S;
    }
    const int main = firstStep + done - WARM_UP_STEPS;
    if (main >= 0) {
      const float outflow = exp2f(log2f(v) * (1.0f / GRUBB));
      const float extraction = -expm1f(LOG_REMAINING / f);
      const float nextZ = z
          + STEP_SECONDS * ((DRIVEN_BY_PREVIOUS_STATE ? before : S) - SIGNAL_DECAY * z - FLOW_ELIMINATION * (f - 1));
      const float nextV = v + STEP_SECONDS * (f - outflow) / TRANSIT_SECONDS;
      q += STEP_SECONDS * (f / EXTRACTION * extraction - q / v * outflow) / TRANSIT_SECONDS;
      f += STEP_SECONDS * z;
      z = nextZ;
      v = nextV;
      if (active && ((main + 1) % STEPS_PER_FRAME == 0 || main == MAIN_STEPS - 1)) {
        frames[(size_t)(main / STEPS_PER_FRAME) * REGIONS] = BOLD_Q * (1 - q) + BOLD_QV * (1 - q / v) + BOLD_V * (1 - v);
      }
    }
    BARRIER; // the other buffer is complete, and nobody reads this one any more
  }
  if (active) {
    kept[0] = S;
    kept[REGIONS] = z;
    kept[2 * REGIONS] = f;
    kept[3 * REGIONS] = v;
    kept[4 * REGIONS] = q;
  }
}

DEVICE double uniform(unsigned int word) {
  return ((double)word + 0.5) * (1.0 / 4294967296.0);
}

// Philox4x32-10 with counter (step, region / 4, repetition, stream), Box-Muller in double precision, rounded to float:
// PhiloxNoise, one group of four regions a thread. noise: [steps, REGIONS].
KERNEL void philox_noise(float* RESTRICT noise, int firstStep, int steps, unsigned int key0, unsigned int key1,
    unsigned int repetition, unsigned int stream) {
  const int groups = (REGIONS + 3) / 4;
  const long long index = (long long)BLOCK_X * BLOCK_SIZE + THREAD;
  if (index >= (long long)steps * groups) {
    return;
  }
  const int step = (int)(index / groups);
  const int group = (int)(index % groups);
  unsigned int x0 = (unsigned int)(firstStep + step), x1 = (unsigned int)group, x2 = repetition, x3 = stream;
  for (int round = 0; round < 10; round++) {
    const unsigned long long p0 = (unsigned long long)x0 * 0xD2511F53u;
    const unsigned long long p1 = (unsigned long long)x2 * 0xCD9E8D57u;
    x0 = (unsigned int)(p1 >> 32) ^ x1 ^ key0;
    x1 = (unsigned int)p1;
    x2 = (unsigned int)(p0 >> 32) ^ x3 ^ key1;
    x3 = (unsigned int)p0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  const unsigned int word[4] = {x0, x1, x2, x3};
  float* into = noise + (size_t)step * REGIONS;
  for (int half = 0; half < 4; half += 2) {
    const int region = 4 * group + half;
    if (region < REGIONS) {
      const double radius = sqrt(-2.0 * log(uniform(word[half])));
      const double angle = 2.0 * 3.141592653589793 * uniform(word[half + 1]);
      into[region] = (float)(radius * cos(angle));
      if (region + 1 < REGIONS) {
        into[region + 1] = (float)(radius * sin(angle));
      }
    }
  }
}

// The sum of `value` over the block's BLOCK_THREADS threads, known to all of them.
#define BLOCK_SUM(value)                                              \
  BARRIER;                                                            \
  partial[THREAD] = value;                                            \
  BARRIER;                                                            \
  for (int half = BLOCK_THREADS / 2; half > 0; half /= 2) {           \
    if (THREAD < half) {                                              \
      partial[THREAD] += partial[THREAD + half];                      \
    }                                                                 \
    BARRIER;                                                          \
  }                                                                   \
  value = partial[0];

// Pearson correlations of all pairs of regions in window BLOCK_X of candidate BLOCK_Y.
//
// bold       [candidates, FRAMES, REGIONS]
// pairs      [PAIRS] ints: (i << 16) | j, i < j, by rows
// into       [candidates, windows, PADDED_PAIRS]; what is behind PAIRS is left alone
// standardise  nonzero: centred over the pairs and of length 1, as the dynamics need them
KERNEL void LAUNCH_BOUNDS(BLOCK_THREADS) connectivity(const float* RESTRICT bold, const int* RESTRICT pairs,
    float* RESTRICT into, int firstFrame, int window, int stride, int windows, int standardise) {
  SHARED float mean[REGIONS];
  SHARED float scale[REGIONS];
  SHARED float partial[BLOCK_THREADS];
  const float* series = bold + ((size_t)BLOCK_Y * FRAMES + firstFrame + (size_t)BLOCK_X * stride) * REGIONS;
  for (int i = THREAD; i < REGIONS; i += BLOCK_THREADS) {
    float sum = 0;
    for (int t = 0; t < window; t++) {
      sum += series[(size_t)t * REGIONS + i];
    }
    const float average = sum / window;
    float square = 0;
    for (int t = 0; t < window; t++) {
      const float difference = series[(size_t)t * REGIONS + i] - average;
      square += difference * difference;
    }
    mean[i] = average;
    scale[i] = 1.0f / sqrtf(square);
  }
  BARRIER;
  float* row = into + ((size_t)BLOCK_Y * windows + BLOCK_X) * PADDED_PAIRS;
  float total = 0;
  for (int pair = THREAD; pair < PAIRS; pair += BLOCK_THREADS) {
    const int i = pairs[pair] >> 16;
    const int j = pairs[pair] & 0xffff;
    const float meanI = mean[i];
    const float meanJ = mean[j];
    float product = 0;
    for (int t = 0; t < window; t++) {
      product += (series[(size_t)t * REGIONS + i] - meanI) * (series[(size_t)t * REGIONS + j] - meanJ);
    }
    const float correlation = product * scale[i] * scale[j];
    row[pair] = correlation;
    total += correlation;
  }
  if (!standardise) {
    return;
  }
  BLOCK_SUM(total)
  const float centre = total / PAIRS;
  float length = 0;
  for (int pair = THREAD; pair < PAIRS; pair += BLOCK_THREADS) {
    const float difference = row[pair] - centre;
    length += difference * difference;
  }
  BLOCK_SUM(length)
  const float unit = 1.0f / sqrtf(length);
  for (int pair = THREAD; pair < PAIRS; pair += BLOCK_THREADS) {
    row[pair] = (row[pair] - centre) * unit;
  }
}

#define TILE 64
#define DEPTH 16
#define SPACED (TILE + 4)

// Histogram of the correlations between the connectivities of all pairs of windows of candidate BLOCK_Y: the upper
// triangle of Z Z', tile by tile. A block takes one row of tiles from the diagonal to the right and counts in shared
// memory; 256 threads, each 4 x 4 products.
//
// standardised  [candidates, windows, PADDED_PAIRS], zero behind PAIRS
// histogram     [candidates, BINS] ints, to which the counts are added
KERNEL void LAUNCH_BOUNDS(BLOCK_THREADS) dynamics(
    const float* RESTRICT standardised, int windows, unsigned int* RESTRICT histogram) {
  SHARED ALIGNED float a[DEPTH][SPACED];
  SHARED ALIGNED float b[DEPTH][SPACED];
  SHARED unsigned int counts[BINS];
  const float* z = standardised + (size_t)BLOCK_Y * windows * PADDED_PAIRS;
  const int tiles = (windows + TILE - 1) / TILE;
  const int across = THREAD % 16 * 4;
  const int down = THREAD / 16 * 4;
  const int loadRow = THREAD / 4;
  const int loadDepth = THREAD % 4 * 4;
  for (int bin = THREAD; bin < BINS; bin += BLOCK_THREADS) {
    counts[bin] = 0;
  }
  for (int tile = BLOCK_X; tile < tiles; tile++) {
    const int rowA = BLOCK_X * TILE + loadRow;
    const int rowB = tile * TILE + loadRow;
    float sum[4][4] = {{0}};
    for (int k = 0; k < PADDED_PAIRS; k += DEPTH) {
      float4 zero = {0, 0, 0, 0};
      const float4 partA =
          rowA < windows ? *(const float4*)(z + (size_t)rowA * PADDED_PAIRS + k + loadDepth) : zero;
      const float4 partB =
          rowB < windows ? *(const float4*)(z + (size_t)rowB * PADDED_PAIRS + k + loadDepth) : zero;
      BARRIER; // the tile before is used up
      a[loadDepth][loadRow] = partA.x;
      a[loadDepth + 1][loadRow] = partA.y;
      a[loadDepth + 2][loadRow] = partA.z;
      a[loadDepth + 3][loadRow] = partA.w;
      b[loadDepth][loadRow] = partB.x;
      b[loadDepth + 1][loadRow] = partB.y;
      b[loadDepth + 2][loadRow] = partB.z;
      b[loadDepth + 3][loadRow] = partB.w;
      BARRIER;
      _Pragma("unroll") for (int d = 0; d < DEPTH; d++) {
        const float4 left = *(const float4*)&a[d][down];
        const float4 right = *(const float4*)&b[d][across];
        const float l[4] = {left.x, left.y, left.z, left.w};
        const float r[4] = {right.x, right.y, right.z, right.w};
        _Pragma("unroll") for (int i = 0; i < 4; i++) {
          _Pragma("unroll") for (int j = 0; j < 4; j++) {
            sum[i][j] += l[i] * r[j];
          }
        }
      }
    }
    _Pragma("unroll") for (int i = 0; i < 4; i++) {
      _Pragma("unroll") for (int j = 0; j < 4; j++) {
        const int first = BLOCK_X * TILE + down + i;
        const int second = tile * TILE + across + j;
        if (first < second && second < windows && sum[i][j] >= LOWEST) {
          const int bin = (int)((sum[i][j] - LOWEST) * BINS_PER_UNIT);
          ATOMIC_ADD(&counts[bin < BINS ? bin : BINS - 1], 1u);
        }
      }
    }
  }
  BARRIER;
  for (int bin = THREAD; bin < BINS; bin += BLOCK_THREADS) {
    if (counts[bin] > 0) {
      ATOMIC_ADD(&histogram[(size_t)BLOCK_Y * BINS + bin], counts[bin]);
    }
  }
}
