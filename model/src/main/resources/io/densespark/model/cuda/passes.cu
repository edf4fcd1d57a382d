// The passes of a replica that no library has: each reads and writes every element of a map once.
//
// A matrix [m, c] is cut into tiles of columns (blockIdx.x) and strips of rows (blockIdx.y); a thread keeps its V columns
// (threadIdx.x) and goes down its rows (threadIdx.y), so that neighbours touch neighbouring memory and what belongs to a
// column is read once a thread. Rows are dealt in a fixed order and partial results are merged in a fixed order, never by
// atomics: the same values give the same bits. Sums are taken in float over a thread's few rows, in double from there on.
//
// The same text is compiled for GPUs and, by the tests, for the CPU: no warp-level functions, no headers.

typedef long long Index;

static const int THREADS = 256;
static const int MERGE_COLUMNS = 8;
static const int MERGE_LANES = 64;

#define PASS extern "C" __global__ void __launch_bounds__(THREADS, 2)
// A pass in a form for each number of columns that a thread takes at once, by a macro that defines one form.
#define WIDTHS(DEFINE, name, ...)                                                                                        \
    DEFINE(name##4, 4, __VA_ARGS__)                                                                                      \
    DEFINE(name##2, 2, __VA_ARGS__)                                                                                      \
    DEFINE(name##1, 1, __VA_ARGS__)

#define MERGE extern "C" __global__ void __launch_bounds__(MERGE_COLUMNS *MERGE_LANES)

// bfloat16, the upper half of a float. Maps may be of it; it is computed in floats.
struct Bfloat {
    unsigned short bits;
};

__device__ __forceinline__ float value(float x) {
    return x;
}

__device__ __forceinline__ float value(Bfloat x) {
    return __uint_as_float((unsigned)x.bits << 16);
}

__device__ __forceinline__ void set(float &to, float x) {
    to = x;
}

// To the nearest, ties to even; what is no number stays none.
__device__ __forceinline__ void set(Bfloat &to, float x) {
    unsigned bits = __float_as_uint(x);
    bool isNumber = (bits & 0x7FFFFFFFu) <= 0x7F800000u;
    to.bits = (unsigned short)(isNumber ? (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16 : 0x7FFFu);
}

template <int V> struct Lane {
    float at[V];
};

__device__ __forceinline__ void load(const float *from, Lane<4> &to) {
    float4 all = *reinterpret_cast<const float4 *>(from);
    to.at[0] = all.x;
    to.at[1] = all.y;
    to.at[2] = all.z;
    to.at[3] = all.w;
}

__device__ __forceinline__ void load(const float *from, Lane<2> &to) {
    float2 all = *reinterpret_cast<const float2 *>(from);
    to.at[0] = all.x;
    to.at[1] = all.y;
}

template <typename Number> __device__ __forceinline__ void load(const Number *from, Lane<1> &to) {
    to.at[0] = value(*from);
}

__device__ __forceinline__ void load(const Bfloat *from, Lane<4> &to) {
    ushort4 all = *reinterpret_cast<const ushort4 *>(from);
    to.at[0] = value(Bfloat{all.x});
    to.at[1] = value(Bfloat{all.y});
    to.at[2] = value(Bfloat{all.z});
    to.at[3] = value(Bfloat{all.w});
}

__device__ __forceinline__ void load(const Bfloat *from, Lane<2> &to) {
    ushort2 all = *reinterpret_cast<const ushort2 *>(from);
    to.at[0] = value(Bfloat{all.x});
    to.at[1] = value(Bfloat{all.y});
}

__device__ __forceinline__ void store(const Lane<4> &from, float *to) {
    float4 all;
    all.x = from.at[0];
    all.y = from.at[1];
    all.z = from.at[2];
    all.w = from.at[3];
    *reinterpret_cast<float4 *>(to) = all;
}

__device__ __forceinline__ void store(const Lane<2> &from, float *to) {
    float2 all;
    all.x = from.at[0];
    all.y = from.at[1];
    *reinterpret_cast<float2 *>(to) = all;
}

template <typename Number> __device__ __forceinline__ void store(const Lane<1> &from, Number *to) {
    set(*to, from.at[0]);
}

__device__ __forceinline__ unsigned short rounded(float x) {
    Bfloat to;
    set(to, x);
    return to.bits;
}

__device__ __forceinline__ void store(const Lane<4> &from, Bfloat *to) {
    ushort4 all;
    all.x = rounded(from.at[0]);
    all.y = rounded(from.at[1]);
    all.z = rounded(from.at[2]);
    all.w = rounded(from.at[3]);
    *reinterpret_cast<ushort4 *>(to) = all;
}

__device__ __forceinline__ void store(const Lane<2> &from, Bfloat *to) {
    ushort2 all;
    all.x = rounded(from.at[0]);
    all.y = rounded(from.at[1]);
    *reinterpret_cast<ushort2 *>(to) = all;
}

// Where a thread stands in a matrix.
struct Place {
    int column;
    Index first;
    Index stride;
};

template <int V> __device__ __forceinline__ Place place() {
    Place at;
    at.column = (blockIdx.x * blockDim.x + threadIdx.x) * V;
    at.first = (Index)blockIdx.y * blockDim.y + threadIdx.y;
    at.stride = (Index)gridDim.y * blockDim.y;
    return at;
}

// ---- elementwise ----

// z = max(0, x * scale + shift); what is no number stays none
template <int V, typename Map>
__device__ __forceinline__ void normalizeRelu(
        const Map *x, Index ldx, const float *scale, const float *shift, Map *z, Index m, int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
    float s[V], t[V];
    for (int i = 0; i < V; i++) {
        s[i] = scale[at.column + i];
        t[i] = shift[at.column + i];
    }
#pragma unroll 4
    for (Index row = at.first; row < m; row += at.stride) {
        Lane<V> v;
        load(x + row * ldx + at.column, v);
        for (int i = 0; i < V; i++) {
            float u = fmaf(v.at[i], s[i], t[i]);
            v.at[i] = u <= 0 ? 0.f : u;
        }
        store(v, z + row * c + at.column);
    }
}

#define NORMALIZE_RELU(name, V, Map)                                                                                     \
    PASS name(const Map *x, Index ldx, const float *scale, const float *shift, Map *z, Index m, int c) {                 \
        normalizeRelu<V>(x, ldx, scale, shift, z, m, c);                                                                 \
    }
WIDTHS(NORMALIZE_RELU, normalizeRelu, float)
WIDTHS(NORMALIZE_RELU, normalizeReluBfloat, Bfloat)

// dx = (A - s1/m - xhat * s2/m) / sigma; share is 1/m of the whole batch
template <int V, typename Gradient, typename Map>
__device__ __forceinline__ void finishGradient(
        const Gradient *a,
        Index lda,
        const Map *x,
        Index ldx,
        const double *mean,
        const double *inverse,
        const double *s1,
        const double *s2,
        double share,
        Map *dx,
        Index m,
        int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
    float mu[V], inv[V], constant[V], slope[V];
    for (int i = 0; i < V; i++) {
        double deviation = inverse[at.column + i];
        mu[i] = (float)mean[at.column + i];
        inv[i] = (float)deviation;
        constant[i] = (float)(-deviation * s1[at.column + i] * share);
        slope[i] = (float)(-deviation * deviation * s2[at.column + i] * share);
    }
#pragma unroll 4
    for (Index row = at.first; row < m; row += at.stride) {
        Lane<V> g, v;
        load(a + row * lda + at.column, g);
        load(x + row * ldx + at.column, v);
        for (int i = 0; i < V; i++) {
            v.at[i] = fmaf(g.at[i], inv[i], fmaf(v.at[i] - mu[i], slope[i], constant[i]));
        }
        store(v, dx + row * c + at.column);
    }
}

#define FINISH_GRADIENT(name, V, Gradient, Map)                                                                          \
    PASS name(                                                                                                           \
            const Gradient *a, Index lda, const Map *x, Index ldx, const double *mean, const double *inverse,            \
            const double *s1, const double *s2, double share, Map *dx, Index m, int c) {                                 \
        finishGradient<V>(a, lda, x, ldx, mean, inverse, s1, s2, share, dx, m, c);                                       \
    }
WIDTHS(FINISH_GRADIENT, finishGradient, float, float)
WIDTHS(FINISH_GRADIENT, finishGradientMixed, float, Bfloat)
WIDTHS(FINISH_GRADIENT, finishGradientBfloat, Bfloat, Bfloat)

template <int V, typename Map>
__device__ __forceinline__ void copyRows(const Map *x, Index ldx, Map *y, Index ldy, Index m, int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
#pragma unroll 4
    for (Index row = at.first; row < m; row += at.stride) {
        Lane<V> v;
        load(x + row * ldx + at.column, v);
        store(v, y + row * ldy + at.column);
    }
}

#define COPY_ROWS(name, V, Map)                                                                                          \
    PASS name(const Map *x, Index ldx, Map *y, Index ldy, Index m, int c) {                                              \
        copyRows<V>(x, ldx, y, ldy, m, c);                                                                               \
    }
WIDTHS(COPY_ROWS, copyRows, float)
WIDTHS(COPY_ROWS, copyRowsBfloat, Bfloat)

// Each element times 0 or the multiplier of what stays, by a hash of its place (SplitMix64's finalizer, as in Dropout). layer has
// the key and the place of the batch's first element; offset is how far x begins behind it.
template <typename Map>
__device__ __forceinline__ void dropElements(
        Map *x, Index elements, unsigned long long key, unsigned long long first, unsigned long long threshold,
        float multiplier) {
    Index stride = (Index)gridDim.x * blockDim.x;
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {
        unsigned long long z = key + (first + (unsigned long long)i) * 0x9E3779B97F4A7C15ull;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        z = z ^ (z >> 31);
        set(x[i], value(x[i]) * ((z >> 11) < threshold ? 0.f : multiplier));
    }
}

#define DROPOUT(name, Map)                                                                                               \
    PASS name(                                                                                                           \
            Map *x, Index elements, const unsigned long long *layer, unsigned long long offset,                          \
            unsigned long long threshold, float multiplier) {                                                            \
        dropElements(x, elements, layer[0], layer[1] + offset, threshold, multiplier);                                   \
    }
DROPOUT(dropout, float)
DROPOUT(dropoutBfloat, Bfloat)

PASS addVector(const float *source, float *target, Index elements) {
    Index stride = (Index)gridDim.x * blockDim.x;
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {
        target[i] += source[i];
    }
}

// target += source, gradients that a library gave in bfloat16
PASS addRounded(const Bfloat *source, float *target, Index elements) {
    Index stride = (Index)gridDim.x * blockDim.x;
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {
        target[i] += value(source[i]);
    }
}

PASS roundVector(const float *source, Bfloat *target, Index elements) {
    Index stride = (Index)gridDim.x * blockDim.x;
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {
        set(target[i], source[i]);
    }
}

// target = what the table [channels, 256] has for each value; the first one is of channel 0
#define LOOK_UP(name, Map)                                                                                               \
    PASS name(const unsigned char *values, const float *table, Map *target, Index elements, int channels) {              \
        Index stride = (Index)gridDim.x * blockDim.x;                                                                    \
        for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {                        \
            set(target[i], table[(int)(i % channels) * 256 + values[i]]);                                                \
        }                                                                                                                \
    }
LOOK_UP(lookUp, float)
LOOK_UP(lookUpBfloat, Bfloat)

// A copy of some of n floats, eight in a row from each place that sources has
PASS roundWeights(const float *all, Index n, const int *sources, Bfloat *target, Index elements) {
    Index stride = (Index)gridDim.x * blockDim.x;
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {
        Index from = sources[i / 8] + i % 8;
        set(target[i], from < n ? all[from] : 0.f);
    }
}

PASS scaleVector(float *x, float factor, Index elements) {
    Index stride = (Index)gridDim.x * blockDim.x;
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {
        x[i] *= factor;
    }
}

// g + decay * p; v = momentum * v + g; p -= rate * (g + momentum * v)
PASS nesterovStep(float *p, const float *g, float *v, Index elements, float rate, float momentum, float decay) {
    Index stride = (Index)gridDim.x * blockDim.x;
    for (Index i = (Index)blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += stride) {
        float gradient = fmaf(decay, p[i], g[i]);
        float velocity = fmaf(momentum, v[i], gradient);
        v[i] = velocity;
        p[i] = fmaf(-rate, fmaf(momentum, velocity, gradient), p[i]);
    }
}

// ---- sums over rows ----

// Adds up what the threads of each column have, of N sums each: the results are the first lane's, for all threads to read.
template <int N> __device__ __forceinline__ void addLanes(double *sums, int self) {
    for (int left = blockDim.y; left > 1;) {
        int half = (left + 1) / 2;
        __syncthreads();
        if (threadIdx.y + half < left) {
            for (int i = 0; i < N; i++) {
                sums[i * THREADS + self] += sums[i * THREADS + self + half * blockDim.x];
            }
        }
        left = half;
    }
    __syncthreads();
}

// The same for the threads that merge strips, of one sum each.
__device__ __forceinline__ double addMergingLanes(double *sums, double own) {
    int self = threadIdx.y * MERGE_COLUMNS + threadIdx.x;
    __syncthreads();
    sums[self] = own;
    for (int half = MERGE_LANES / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.y < half) {
            sums[self] += sums[self + half * MERGE_COLUMNS];
        }
    }
    __syncthreads();
    return sums[threadIdx.x];
}

// Rows that are dealt to a strip.
__device__ __forceinline__ double rowsOfStrip(Index m, int strip, int lanes, int strips) {
    Index rounds = m / ((Index)lanes * strips);
    Index rest = m - rounds * lanes * strips - (Index)strip * lanes;
    return (double)(rounds * lanes + (rest < 0 ? 0 : rest > lanes ? lanes : rest));
}

// The moments of a strip: parts[strip] = mean [c], summed squared deviation from it [c]. A thread takes those of its rows by
// Welford's recurrence; then the parts' means are averaged, and their squares moved to the common mean (Chan et al.,
// "Updating formulae and a pairwise algorithm for computing sample variances", 1979), which needs no division a part.
template <int V, bool COPY, typename Map>
__device__ __forceinline__ void columnMoments(
        const Map *x, Index ldx, Map *y, Index ldy, Index m, int c, double *parts) {
    __shared__ double sums[THREADS * V];
    Place at = place<V>();
    bool active = at.column < c;
    float mean[V], squares[V], count = 0;
    for (int i = 0; i < V; i++) {
        mean[i] = 0;
        squares[i] = 0;
    }
    if (active) {
#pragma unroll 4
        for (Index row = at.first; row < m; row += at.stride) {
            Lane<V> v;
            load(x + row * ldx + at.column, v);
            if (COPY) {
                store(v, y + row * ldy + at.column);
            }
            count += 1;
            float share = 1 / count;
            for (int i = 0; i < V; i++) {
                float delta = v.at[i] - mean[i];
                mean[i] = fmaf(delta, share, mean[i]);
                squares[i] = fmaf(delta, v.at[i] - mean[i], squares[i]);
            }
        }
    }
    int self = threadIdx.y * blockDim.x + threadIdx.x;
    double share = 1 / rowsOfStrip(m, blockIdx.y, blockDim.y, gridDim.y);
    for (int i = 0; i < V; i++) {
        sums[i * THREADS + self] = (double)count * mean[i];
    }
    addLanes<V>(sums, self);
    double center[V];
    for (int i = 0; i < V; i++) {
        center[i] = sums[i * THREADS + threadIdx.x] * share;
    }
    __syncthreads();
    for (int i = 0; i < V; i++) {
        double off = mean[i] - center[i];
        sums[i * THREADS + self] = squares[i] + count * off * off;
    }
    addLanes<V>(sums, self);
    if (threadIdx.y == 0 && active) {
        double *part = parts + (Index)blockIdx.y * 2 * c + at.column;
        for (int i = 0; i < V; i++) {
            part[i] = center[i];
            part[c + i] = sums[i * THREADS + self];
        }
    }
}

#define COLUMN_MOMENTS(name, V, Map)                                                                                     \
    PASS name(const Map *x, Index ldx, Index m, int c, double *parts) {                                                  \
        columnMoments<V, false>(x, ldx, (Map *)0, 0, m, c, parts);                                                       \
    }
WIDTHS(COLUMN_MOMENTS, columnMoments, float)
WIDTHS(COLUMN_MOMENTS, columnMomentsBfloat, Bfloat)

// The same, and y = x
#define COPY_MOMENTS(name, V, Map)                                                                                       \
    PASS name(const Map *x, Index ldx, Map *y, Index ldy, Index m, int c, double *parts) {                               \
        columnMoments<V, true>(x, ldx, y, ldy, m, c, parts);                                                             \
    }
WIDTHS(COPY_MOMENTS, copyMoments, float)
WIDTHS(COPY_MOMENTS, copyMomentsBfloat, Bfloat)

__device__ __forceinline__ void moveRunning(
        double batchMean, double unbiased, double momentum, float *mean, float *variance) {
    *mean = (float)((1 - momentum) * *mean + momentum * batchMean);
    *variance = (float)((1 - momentum) * *variance + momentum * unbiased);
}

__device__ __forceinline__ void makeAffine(
        double mean, double inverse, float gamma, float beta, float *scale, float *shift) {
    double s = inverse * gamma;
    *scale = (float)s;
    *shift = (float)(beta - mean * s);
}

// What a batch norm needs of the strips' moments: mean, 1/sqrt(biased variance + epsilon), unbiased variance; and, for the
// one norm that reads these columns if there is such (gamma isn't null), its running statistics and its scale and shift.
MERGE finishMoments(
        const double *parts, int strips, int lanes, Index m, int c, double epsilon, double momentum, double *batchMean,
        double *inverse, double *unbiased, float *runningMean, float *runningVariance, const float *gamma,
        const float *beta, float *scale, float *shift) {
    __shared__ double sums[MERGE_COLUMNS * MERGE_LANES];
    int column = blockIdx.x * MERGE_COLUMNS + threadIdx.x;
    double sum = 0;
    if (column < c) {
        for (int strip = threadIdx.y; strip < strips; strip += MERGE_LANES) {
            sum += rowsOfStrip(m, strip, lanes, strips) * parts[(Index)strip * 2 * c + column];
        }
    }
    double mean = addMergingLanes(sums, sum) / m;
    double squares = 0;
    if (column < c) {
        for (int strip = threadIdx.y; strip < strips; strip += MERGE_LANES) {
            const double *part = parts + (Index)strip * 2 * c + column;
            double off = part[0] - mean;
            squares += part[c] + rowsOfStrip(m, strip, lanes, strips) * off * off;
        }
    }
    squares = addMergingLanes(sums, squares);
    if (threadIdx.y == 0 && column < c) {
        double deviation = 1 / sqrt(squares / m + epsilon);
        double variance = squares / (m - 1);
        batchMean[column] = mean;
        inverse[column] = deviation;
        unbiased[column] = variance;
        if (gamma) {
            moveRunning(mean, variance, momentum, runningMean + column, runningVariance + column);
            makeAffine(mean, deviation, gamma[column], beta[column], scale + column, shift + column);
        }
    }
}

PASS updateRunning(
        const double *batchMean, const double *unbiased, float *mean, float *variance, double momentum, int c) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column < c) {
        moveRunning(batchMean[column], unbiased[column], momentum, mean + column, variance + column);
    }
}

PASS batchAffine(
        const double *mean, const double *inverse, const float *gamma, const float *beta, float *scale, float *shift,
        int c) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column < c) {
        makeAffine(mean[column], inverse[column], gamma[column], beta[column], scale + column, shift + column);
    }
}

// batchAffine and updateRunning
PASS trainingAffine(
        const double *mean, const double *inverse, const double *unbiased, const float *gamma, const float *beta,
        float *runningMean, float *runningVariance, double momentum, float *scale, float *shift, int c) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column < c) {
        moveRunning(mean[column], unbiased[column], momentum, runningMean + column, runningVariance + column);
        makeAffine(mean[column], inverse[column], gamma[column], beta[column], scale + column, shift + column);
    }
}

PASS runningAffine(
        const float *mean, const float *variance, const float *gamma, const float *beta, double epsilon, float *scale,
        float *shift, int c) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column < c) {
        double inverse = 1 / sqrt((double)variance[column] + epsilon);
        makeAffine(mean[column], inverse, gamma[column], beta[column], scale + column, shift + column);
    }
}

// ---- the backward pass of normalize and ReLU ----

// du = dz where z isn't 0; A (+)= gamma * du; parts[strip] = sums of du [c] and of du * (x - mean) [c]
template <int V, bool ADD, typename Map, typename Gradient>
__device__ __forceinline__ void reluBackward(
        const Map *dz,
        const Map *x,
        Index ldx,
        const float *scale,
        const float *shift,
        const double *mean,
        const float *gamma,
        Gradient *a,
        Index lda,
        Index m,
        int c,
        double *parts) {
    __shared__ double sums[2 * THREADS * V];
    Place at = place<V>();
    bool active = at.column < c;
    float plain[V], normalized[V];
    for (int i = 0; i < V; i++) {
        plain[i] = 0;
        normalized[i] = 0;
    }
    if (active) {
        float g[V], s[V], t[V], mu[V];
        for (int i = 0; i < V; i++) {
            g[i] = gamma[at.column + i];
            s[i] = scale[at.column + i];
            t[i] = shift[at.column + i];
            mu[i] = (float)mean[at.column + i];
        }
#pragma unroll 4
        for (Index row = at.first; row < m; row += at.stride) {
            Lane<V> du, v, to;
            load(dz + row * c + at.column, du);
            load(x + row * ldx + at.column, v);
            Gradient *target = a + row * lda + at.column;
            if (ADD) {
                load(target, to);
            }
            for (int i = 0; i < V; i++) {
                float d = fmaf(v.at[i], s[i], t[i]) <= 0 ? 0.f : du.at[i];
                plain[i] += d;
                normalized[i] = fmaf(d, v.at[i] - mu[i], normalized[i]);
                to.at[i] = ADD ? fmaf(g[i], d, to.at[i]) : g[i] * d;
            }
            store(to, target);
        }
    }
    int self = threadIdx.y * blockDim.x + threadIdx.x;
    for (int i = 0; i < V; i++) {
        sums[(2 * i) * THREADS + self] = plain[i];
        sums[(2 * i + 1) * THREADS + self] = normalized[i];
    }
    addLanes<2 * V>(sums, self);
    if (threadIdx.y == 0 && active) {
        double *part = parts + (Index)blockIdx.y * 2 * c + at.column;
        for (int i = 0; i < V; i++) {
            part[i] = sums[(2 * i) * THREADS + self];
            part[c + i] = sums[(2 * i + 1) * THREADS + self];
        }
    }
}

#define RELU_BACKWARD(name, V, ADD, Map, Gradient)                                                                       \
    PASS name(                                                                                                           \
            const Map *dz, const Map *x, Index ldx, const float *scale, const float *shift, const double *mean,          \
            const float *gamma, Gradient *a, Index lda, Index m, int c, double *parts) {                                 \
        reluBackward<V, ADD>(dz, x, ldx, scale, shift, mean, gamma, a, lda, m, c, parts);                                \
    }
WIDTHS(RELU_BACKWARD, reluBackwardAdd, true, float, float)
WIDTHS(RELU_BACKWARD, reluBackwardAddMixed, true, Bfloat, float)
WIDTHS(RELU_BACKWARD, reluBackwardSet, false, float, float)
WIDTHS(RELU_BACKWARD, reluBackwardSetMixed, false, Bfloat, float)
WIDTHS(RELU_BACKWARD, reluBackwardSetBfloat, false, Bfloat, Bfloat)

// dbeta = the strips' first sums, dgamma = their second ones / sigma; s1 = gamma * dbeta, s2 = gamma * dgamma, or added to
// what is there
MERGE normGradients(
        const double *parts, int strips, int c, const double *inverse, const float *gamma, float *dgamma, float *dbeta,
        double *s1, double *s2, int add) {
    __shared__ double sums[MERGE_COLUMNS * MERGE_LANES];
    int column = blockIdx.x * MERGE_COLUMNS + threadIdx.x;
    double plain = 0, normalized = 0;
    if (column < c) {
        for (int strip = threadIdx.y; strip < strips; strip += MERGE_LANES) {
            const double *part = parts + (Index)strip * 2 * c + column;
            plain += part[0];
            normalized += part[c];
        }
    }
    plain = addMergingLanes(sums, plain);
    normalized = addMergingLanes(sums, normalized);
    if (threadIdx.y == 0 && column < c) {
        normalized *= inverse[column];
        dbeta[column] = (float)plain;
        dgamma[column] = (float)normalized;
        double before1 = add ? s1[column] : 0;
        double before2 = add ? s2[column] : 0;
        s1[column] = before1 + gamma[column] * plain;
        s2[column] = before2 + gamma[column] * normalized;
    }
}

// ---- pools: rows are pixels of maps [N, height, width, c] ----

template <int V, typename Map>
__device__ __forceinline__ void averagePool(const Map *z, int height, int width, Map *y, Index m, int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
    int rows = height / 2, columns = width / 2;
    for (Index row = at.first; row < m; row += at.stride) {
        Index image = row / (rows * columns);
        int pixel = (int)(row - image * (rows * columns));
        int top = pixel / columns * 2, left = pixel % columns * 2;
        const Map *from = z + ((image * height + top) * width + left) * c + at.column;
        Lane<V> a, b, d, e;
        load(from, a);
        load(from + c, b);
        load(from + (Index)width * c, d);
        load(from + (Index)width * c + c, e);
        for (int i = 0; i < V; i++) {
            a.at[i] = (a.at[i] + b.at[i] + d.at[i] + e.at[i]) * 0.25f;
        }
        store(a, y + row * c + at.column);
    }
}

// A pass from one map to another
#define POOL(name, V, pass, Map)                                                                                         \
    PASS name(const Map *from, int height, int width, Map *to, Index m, int c) {                                         \
        pass<V>(from, height, width, to, m, c);                                                                          \
    }
WIDTHS(POOL, averagePool, averagePool, float)
WIDTHS(POOL, averagePoolBfloat, averagePool, Bfloat)

// m counts the pixels of dz
template <int V, typename Map>
__device__ __forceinline__ void averagePoolBackward(const Map *dy, int height, int width, Map *dz, Index m, int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
    int rows = height / 2, columns = width / 2;
    for (Index row = at.first; row < m; row += at.stride) {
        Index image = row / (height * width);
        int pixel = (int)(row - image * (height * width));
        int top = pixel / width / 2, left = pixel % width / 2;
        Lane<V> v;
        bool covered = top < rows && left < columns;
        if (covered) {
            load(dy + ((image * rows + top) * columns + left) * c + at.column, v);
        }
        for (int i = 0; i < V; i++) {
            v.at[i] = covered ? v.at[i] * 0.25f : 0.f;
        }
        store(v, dz + row * c + at.column);
    }
}

WIDTHS(POOL, averagePoolBackward, averagePoolBackward, float)
WIDTHS(POOL, averagePoolBackwardBfloat, averagePoolBackward, Bfloat)

// The largest of a 3x3 window with stride 2 and padding 1, and which of its nine places it has (the first one if several)
template <int V, typename Map>
__device__ __forceinline__ void windowMaximum(
        const Map *z, Index image, int top, int left, int height, int width, int column, int c, Lane<V> &largest,
        int (&where)[V]) {
    for (int i = 0; i < V; i++) {
        where[i] = -1;
        largest.at[i] = 0;
    }
    for (int k = 0; k < 9; k++) {
        int y = 2 * top - 1 + k / 3, x = 2 * left - 1 + k % 3;
        if (y < 0 || y >= height || x < 0 || x >= width) {
            continue;
        }
        Lane<V> v;
        load(z + ((image * height + y) * width + x) * c + column, v);
        for (int i = 0; i < V; i++) {
            if (where[i] < 0 || v.at[i] > largest.at[i]) {
                largest.at[i] = v.at[i];
                where[i] = k;
            }
        }
    }
}

template <int V, typename Map>
__device__ __forceinline__ void maxPool(const Map *z, int height, int width, Map *y, Index m, int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
    int rows = (height + 1) / 2, columns = (width + 1) / 2;
    for (Index row = at.first; row < m; row += at.stride) {
        Index image = row / (rows * columns);
        int pixel = (int)(row - image * (rows * columns));
        Lane<V> largest;
        int where[V];
        windowMaximum<V>(z, image, pixel / columns, pixel % columns, height, width, at.column, c, largest, where);
        store(largest, y + row * c + at.column);
    }
}

WIDTHS(POOL, maxPool, maxPool, float)
WIDTHS(POOL, maxPoolBfloat, maxPool, Bfloat)

// Which place of its window each maximum has.
template <int V, typename Map>
__device__ __forceinline__ void maxPoolChoice(
        const Map *z, int height, int width, unsigned char *choice, Index m, int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
    int rows = (height + 1) / 2, columns = (width + 1) / 2;
    for (Index row = at.first; row < m; row += at.stride) {
        Index image = row / (rows * columns);
        int pixel = (int)(row - image * (rows * columns));
        Lane<V> largest;
        int where[V];
        windowMaximum<V>(z, image, pixel / columns, pixel % columns, height, width, at.column, c, largest, where);
        for (int i = 0; i < V; i++) {
            choice[row * c + at.column + i] = (unsigned char)where[i];
        }
    }
}

#define MAX_POOL_CHOICE(name, V, Map)                                                                                    \
    PASS name(const Map *z, int height, int width, unsigned char *choice, Index m, int c) {                              \
        maxPoolChoice<V>(z, height, width, choice, m, c);                                                                \
    }
WIDTHS(MAX_POOL_CHOICE, maxPoolChoice, float)
WIDTHS(MAX_POOL_CHOICE, maxPoolChoiceBfloat, Bfloat)

// Gathers: a pixel takes the gradient of each of the at most four windows that chose it. m counts the pixels of dz.
template <int V, typename Map>
__device__ __forceinline__ void maxPoolBackward(
        const Map *dy, const unsigned char *choice, int height, int width, Map *dz, Index m, int c) {
    Place at = place<V>();
    if (at.column >= c) {
        return;
    }
    int rows = (height + 1) / 2, columns = (width + 1) / 2;
    for (Index row = at.first; row < m; row += at.stride) {
        Index image = row / (height * width);
        int pixel = (int)(row - image * (height * width));
        int y = pixel / width, x = pixel % width;
        Lane<V> sum;
        for (int i = 0; i < V; i++) {
            sum.at[i] = 0;
        }
        for (int top = y / 2; top <= (y + 1) / 2 && top < rows; top++) {
            for (int left = x / 2; left <= (x + 1) / 2 && left < columns; left++) {
                int own = (y - (2 * top - 1)) * 3 + x - (2 * left - 1);
                Index window = ((image * rows + top) * columns + left) * c + at.column;
                Lane<V> gradient;
                load(dy + window, gradient);
                for (int i = 0; i < V; i++) {
                    sum.at[i] += choice[window + i] == own ? gradient.at[i] : 0.f;
                }
            }
        }
        store(sum, dz + row * c + at.column);
    }
}

#define MAX_POOL_BACKWARD(name, V, Map)                                                                                  \
    PASS name(const Map *dy, const unsigned char *choice, int height, int width, Map *dz, Index m, int c) {              \
        maxPoolBackward<V>(dy, choice, height, width, dz, m, c);                                                         \
    }
WIDTHS(MAX_POOL_BACKWARD, maxPoolBackward, float)
WIDTHS(MAX_POOL_BACKWARD, maxPoolBackwardBfloat, Bfloat)

// y[image] = mean over the image's pixels of z; one image a strip
template <typename Map>
__device__ __forceinline__ void averageImages(const Map *z, int pixels, float *y, int c) {
    __shared__ double sums[THREADS];
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    double sum = 0;
    if (column < c) {
        for (int pixel = threadIdx.y; pixel < pixels; pixel += blockDim.y) {
            sum += value(z[((Index)blockIdx.y * pixels + pixel) * c + column]);
        }
    }
    int self = threadIdx.y * blockDim.x + threadIdx.x;
    sums[self] = sum;
    addLanes<1>(sums, self);
    if (threadIdx.y == 0 && column < c) {
        y[(Index)blockIdx.y * c + column] = (float)(sums[self] / pixels);
    }
}

#define GLOBAL_AVERAGE(name, Map)                                                                                        \
    PASS name(const Map *z, int pixels, float *y, int c) {                                                               \
        averageImages(z, pixels, y, c);                                                                                  \
    }
GLOBAL_AVERAGE(globalAverage, float)
GLOBAL_AVERAGE(globalAverageMixed, Bfloat)

template <typename Map>
__device__ __forceinline__ void spreadAverages(const float *dy, int pixels, Map *dz, Index m, int c) {
    Place at = place<1>();
    if (at.column >= c) {
        return;
    }
    float share = 1.f / pixels;
    for (Index row = at.first; row < m; row += at.stride) {
        set(dz[row * c + at.column], dy[row / pixels * c + at.column] * share);
    }
}

#define GLOBAL_AVERAGE_BACKWARD(name, Map)                                                                               \
    PASS name(const float *dy, int pixels, Map *dz, Index m, int c) {                                                    \
        spreadAverages(dy, pixels, dz, m, c);                                                                            \
    }
GLOBAL_AVERAGE_BACKWARD(globalAverageBackward, float)
GLOBAL_AVERAGE_BACKWARD(globalAverageBackwardMixed, Bfloat)

// ---- the loss ----

// Softmax cross-entropy of one image a block: outputs [images, classes] get the bias, and are overwritten with the gradient
// of scale * weight * loss: none of them a number where the loss isn't finite. targets holds the images' labels, then their
// weights, then scale. found[image] = weight * loss,
// found[images + image] = 1 if the largest output is the label's, else 0.
PASS crossEntropy(float *outputs, const float *bias, const float *targets, double *found, int images, int classes) {
    __shared__ double sums[THREADS];
    __shared__ float largest[THREADS];
    __shared__ int where[THREADS];
    int image = blockIdx.x, self = threadIdx.x;
    float *row = outputs + (Index)image * classes;
    float best = 0;
    int at = -1;
    for (int c = self; c < classes; c += THREADS) {
        float value = row[c] + bias[c];
        if (at < 0 || value > best) {
            best = value;
            at = c;
        }
    }
    largest[self] = best;
    where[self] = at;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (self < half) {
            int other = where[self + half];
            float value = largest[self + half];
            bool better = other >= 0
                    && (where[self] < 0 || value > largest[self] || (value == largest[self] && other < where[self]));
            if (better) {
                largest[self] = value;
                where[self] = other;
            }
        }
    }
    __syncthreads();
    double most = largest[0];
    double sum = 0;
    for (int c = self; c < classes; c += THREADS) {
        sum += exp((double)(row[c] + bias[c]) - most);
    }
    sums[self] = sum;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (self < half) {
            sums[self] += sums[self + half];
        }
    }
    __syncthreads();
    double logOfSum = most + log(sums[0]);
    int label = (int)targets[image];
    double weight = targets[images + image];
    double scale = targets[2 * images];
    double loss = weight * (logOfSum - (double)(row[label] + bias[label]));
    // 0, or no number.
    double mark = loss - loss;
    if (self == 0) {
        found[image] = loss;
        found[images + image] = where[0] == label ? 1 : 0;
    }
    __syncthreads();
    for (int c = self; c < classes; c += THREADS) {
        double value = (double)(row[c] + bias[c]);
        row[c] = (float)((exp(value - logOfSum) - (c == label ? 1 : 0)) * scale * weight + mark);
    }
}

// into = the sum of the first `images` numbers found, and of the next ones; one block
PASS sumLosses(const double *found, int images, double *into) {
    __shared__ double sums[2 * THREADS];
    int self = threadIdx.x;
    double loss = 0, hits = 0;
    for (int image = self; image < images; image += THREADS) {
        loss += found[image];
        hits += found[images + image];
    }
    sums[self] = loss;
    sums[THREADS + self] = hits;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (self < half) {
            sums[self] += sums[self + half];
            sums[THREADS + self] += sums[THREADS + self + half];
        }
    }
    if (self == 0) {
        into[0] = sums[0];
        into[1] = sums[THREADS];
    }
}

// y[column] = the sum over the rows of x [m, c], contiguous
PASS sumRows(const float *x, Index m, int c, float *y) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column < c) {
        double sum = 0;
        for (Index row = 0; row < m; row++) {
            sum += x[row * c + column];
        }
        y[column] = (float)sum;
    }
}

// ---- weight gradients of 3x3 convolutions as products ----

// moved[pixel, (output, place)] = dy[pixel - place, output], 0 outside of the image, for the nine places of a 3x3 window with
// stride 1: its transpose times the convolution's input x is the weights' gradient [outputs, 3, 3, inputs].
template <typename Map>
__device__ __forceinline__ void moveGradients(
        const Map *dy, int height, int width, Map *moved, int elements, int outputs) {
    int step = gridDim.x * blockDim.x;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < elements; i += step) {
        int pixel = i / (outputs * 9), column = i % (outputs * 9);
        int output = column / 9, place = column % 9;
        int inImage = pixel % (height * width);
        int y = inImage / width - (place / 3 - 1), x = inImage % width - (place % 3 - 1);
        bool inside = y >= 0 && y < height && x >= 0 && x < width;
        set(moved[i], inside ? value(dy[(pixel - inImage + y * width + x) * outputs + output]) : 0.f);
    }
}

#define MOVED_GRADIENTS(name, Map)                                                                                       \
    PASS name(const Map *dy, int height, int width, Map *moved, int elements, int outputs) {                             \
        moveGradients(dy, height, width, moved, elements, outputs);                                                      \
    }
MOVED_GRADIENTS(movedGradients, float)
MOVED_GRADIENTS(movedGradientsBfloat, Bfloat)
