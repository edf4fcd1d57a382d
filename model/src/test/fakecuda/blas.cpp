// cuBLAS: products by plain loops, summed in double.
#include <algorithm>
#include "fake.h"
#include "number.h"

namespace fake {

namespace {

enum Status { OK = 0, NOT_READY_YET = 1, BAD_VALUE = 7, FAILED = 13, UNSUPPORTED = 15 };

struct Blas {
  int device;
  void *stream = nullptr;
  int math = 0, pointers = 0, atomics = 0;
};

auto &handles = *new Handles<Blas>;

// One operand as a call gives it: column-major, batch after batch.
struct Matrix {
  const void *data;
  int type, ld;
  long long stride;
  bool transposed;
};

size_t span(int rows, int columns, int ld, long long stride, int batches) {
  return static_cast<size_t>(ld) * (columns - 1) + rows + static_cast<size_t>(stride) * (batches - 1);
}

// op(matrix) without gaps, rows x columns, column-major.
void pack(const Matrix &matrix, size_t offset, int rows, int columns, std::vector<float> &to) {
  to.resize(static_cast<size_t>(rows) * columns);
  for (int j = 0; j < columns; j++)
    for (int i = 0; i < rows; i++) {
      size_t at = matrix.transposed ? static_cast<size_t>(i) * matrix.ld + j : static_cast<size_t>(j) * matrix.ld + i;
      to[static_cast<size_t>(j) * rows + i] = load(real(matrix.data), matrix.type, offset + at);
    }
}

struct Product {
  int m, n, k;
  double alpha, beta;
  Matrix a, b;
  void *c;
  int cType, ldc;
  long long cStride;
  int batches;

  int check(const char *who) const {
    int aRows = a.transposed ? k : m, bRows = b.transposed ? n : k;
    if (m < 0 || n < 0 || k < 0 || batches < 0 || a.ld < std::max(1, aRows) || b.ld < std::max(1, bRows) || ldc < std::max(1, m)) {
      misuse(INVALID_VALUE, "%s: m %d n %d k %d lda %d ldb %d ldc %d", who, m, n, k, a.ld, b.ld, ldc);
      return BAD_VALUE;
    }
    return OK;
  }

  bool reachable(const char *who) const {
    int aRows = a.transposed ? k : m, bRows = b.transposed ? n : k;
    size_t aSpan = span(aRows, a.transposed ? m : k, a.ld, a.stride, batches);
    size_t bSpan = span(bRows, b.transposed ? k : n, b.ld, b.stride, batches);
    return (k == 0 || alpha == 0 || (checkDevice(a.data, aSpan * bytesOf(a.type), who, "A") && checkDevice(b.data, bSpan * bytesOf(b.type), who, "B"))) &&
           checkDevice(c, span(m, n, ldc, cStride, batches) * bytesOf(cType), who, "C");
  }

  void run() const {
    std::vector<float> left, right;
    std::vector<double> sums(m);
    for (int batch = 0; batch < batches; batch++) {
      bool none = alpha == 0;
      if (!none) {
        pack(a, batch * a.stride, m, k, left);
        pack(b, batch * b.stride, k, n, right);
      }
      for (int j = 0; j < n; j++) {
        std::fill(sums.begin(), sums.end(), 0);
        for (int l = 0; l < k && !none; l++) addScaled(sums.data(), &left[static_cast<size_t>(l) * m], right[static_cast<size_t>(j) * k + l], m);
        for (int i = 0; i < m; i++) {
          size_t at = batch * cStride + static_cast<size_t>(j) * ldc + i;
          store(real(c), cType, at, combine(alpha, sums[i], beta, real(c), cType, at));
        }
      }
    }
  }
};

int multiply(const void *handle, const char *name, const Product &product) {
  Blas *blas = handles.find(handle);
  if (!blas) return misuse(INVALID_HANDLE, "%s with %p, no living handle", name, handle), NOT_READY_YET;
  if (blas->device != currentDevice())
    return misuse(INVALID_HANDLE, "%s with a handle of device %d on device %d", name, blas->device, currentDevice()), FAILED;
  if (int status = product.check(name)) return status;
  if (product.m == 0 || product.n == 0 || product.batches == 0) return OK;
  std::string who = name;
  int error = submit(blas->stream, {who, [product, who] {
    if (!product.reachable(who.c_str())) return int(ILLEGAL_ADDRESS);
    product.run();
    return int(SUCCESS);
  }});
  return error ? FAILED : OK;
}

// The factors lie in host memory; a handle that was told otherwise is not served.
bool factorsReadable(const void *handle, const void *alpha, const void *beta, const char *name) {
  Blas *blas = handles.find(handle);
  if (blas && blas->pointers) return misuse(NOT_SUPPORTED, "%s: the fake reads factors from host memory only", name), false;
  if (!alpha || !beta || touchesDevice(alpha, 1) || touchesDevice(beta, 1))
    return misuse(INVALID_VALUE, "%s: alpha or beta isn't in host memory", name), false;
  return true;
}

}  // namespace

}  // namespace fake

using namespace fake;

EXPORT int cublasCreate_v2(void **handle) {
  if (initialize()) return NOT_READY_YET;
  if (forbiddenInCapture("cublasCreate")) return FAILED;
  Blas *blas = new Blas;
  blas->device = currentDevice();
  *handle = handles.add(blas);
  return OK;
}

EXPORT int cublasDestroy_v2(void *handle) {
  awaitAll();
  return handles.remove(handle) ? OK : (misuse(INVALID_HANDLE, "cublasDestroy of %p, no living handle", handle), NOT_READY_YET);
}

// What the simple setters and getters do: act on a living handle.
template <class Action> static int with(void *handle, const char *call, Action action) {
  Blas *blas = handles.find(handle);
  if (!blas) return misuse(INVALID_HANDLE, "%s with %p, no living handle", call, handle), NOT_READY_YET;
  action(*blas);
  return OK;
}

EXPORT int cublasSetStream_v2(void *handle, void *stream) {
  if (checkStream(stream)) return BAD_VALUE;
  return with(handle, "cublasSetStream", [&](Blas &blas) { blas.stream = stream; });
}
EXPORT int cublasGetStream_v2(void *handle, void **stream) {
  return with(handle, "cublasGetStream", [&](Blas &blas) { *stream = blas.stream; });
}
EXPORT int cublasSetWorkspace_v2(void *handle, void *workspace, size_t bytes) {
  if (bytes > 0 && !checkDevice(workspace, bytes, "cublasSetWorkspace", "the workspace")) return BAD_VALUE;
  if (reinterpret_cast<uintptr_t>(workspace) % 256) return misuse(INVALID_VALUE, "cublasSetWorkspace: not at a multiple of 256"), BAD_VALUE;
  return with(handle, "cublasSetWorkspace", [](Blas &) {});
}
EXPORT int cublasSetMathMode(void *handle, int mode) {
  return with(handle, "cublasSetMathMode", [&](Blas &blas) { blas.math = mode; });
}
EXPORT int cublasGetMathMode(void *handle, int *mode) {
  return with(handle, "cublasGetMathMode", [&](Blas &blas) { *mode = blas.math; });
}
EXPORT int cublasSetAtomicsMode(void *handle, int mode) {
  return with(handle, "cublasSetAtomicsMode", [&](Blas &blas) { blas.atomics = mode; });
}
EXPORT int cublasGetAtomicsMode(void *handle, int *mode) {
  return with(handle, "cublasGetAtomicsMode", [&](Blas &blas) { *mode = blas.atomics; });
}
EXPORT int cublasSetPointerMode_v2(void *handle, int mode) {
  return with(handle, "cublasSetPointerMode", [&](Blas &blas) { blas.pointers = mode; });
}
EXPORT int cublasGetPointerMode_v2(void *handle, int *mode) {
  return with(handle, "cublasGetPointerMode", [&](Blas &blas) { *mode = blas.pointers; });
}
EXPORT int cublasGetVersion_v2(void *handle, int *version) {
  *version = 130200;
  return handle ? with(handle, "cublasGetVersion", [](Blas &) {}) : OK;
}
EXPORT int cublasGetProperty(int which, int *value) {
  *value = which == 0 ? 13 : which == 1 ? 2 : 0;
  return OK;
}

EXPORT const char *cublasGetStatusName(int status) {
  switch (status) {
    case OK: return "CUBLAS_STATUS_SUCCESS";
    case NOT_READY_YET: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case BAD_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case UNSUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    default: return "unknown status";
  }
}
EXPORT const char *cublasGetStatusString(int status) { return cublasGetStatusName(status); }

EXPORT int cublasSgemmStridedBatched(void *handle, int opA, int opB, int m, int n, int k, const float *alpha, const float *a, int lda,
                                     long long strideA, const float *b, int ldb, long long strideB, const float *beta, float *c,
                                     int ldc, long long strideC, int batches) {
  if (!factorsReadable(handle, alpha, beta, "cublasSgemmStridedBatched")) return BAD_VALUE;
  return multiply(handle, "cublasSgemmStridedBatched", {m, n, k, *alpha, *beta, {a, FLOAT32, lda, strideA, opA != 0},
                  {b, FLOAT32, ldb, strideB, opB != 0}, c, FLOAT32, ldc, strideC, batches});
}

EXPORT int cublasSgemm_v2(void *handle, int opA, int opB, int m, int n, int k, const float *alpha, const float *a, int lda,
                          const float *b, int ldb, const float *beta, float *c, int ldc) {
  if (!factorsReadable(handle, alpha, beta, "cublasSgemm")) return BAD_VALUE;
  return multiply(handle, "cublasSgemm", {m, n, k, *alpha, *beta, {a, FLOAT32, lda, 0, opA != 0}, {b, FLOAT32, ldb, 0, opB != 0}, c,
                  FLOAT32, ldc, 0, 1});
}

static int gemmEx(const char *name, void *handle, int opA, int opB, int m, int n, int k, const void *alpha, Matrix a, Matrix b,
                  const void *beta, void *c, int cType, int ldc, long long strideC, int batches, int compute) {
  if (!factorsReadable(handle, alpha, beta, name)) return BAD_VALUE;
  // Types of the fp32 kind only: their factors are floats.
  if (compute < 68 || compute > 78 || compute == 70 || compute == 71 || compute == 72 || compute == 73 ||
      !known(a.type) || a.type != b.type || !known(cType) || (cType != a.type && cType != FLOAT32))
    return misuse(NOT_SUPPORTED, "%s of types %d, %d, %d by %d", name, a.type, b.type, cType, compute), UNSUPPORTED;
  a.transposed = opA != 0;
  b.transposed = opB != 0;
  return multiply(handle, name, {m, n, k, *static_cast<const float *>(alpha), *static_cast<const float *>(beta), a, b, c, cType, ldc,
                  strideC, batches});
}

EXPORT int cublasGemmEx(void *handle, int opA, int opB, int m, int n, int k, const void *alpha, const void *a, int aType, int lda,
                        const void *b, int bType, int ldb, const void *beta, void *c, int cType, int ldc, int compute, int) {
  return gemmEx("cublasGemmEx", handle, opA, opB, m, n, k, alpha, {a, aType, lda, 0, false}, {b, bType, ldb, 0, false}, beta, c, cType,
                ldc, 0, 1, compute);
}

EXPORT int cublasGemmStridedBatchedEx(void *handle, int opA, int opB, int m, int n, int k, const void *alpha, const void *a, int aType,
                                      int lda, long long strideA, const void *b, int bType, int ldb, long long strideB,
                                      const void *beta, void *c, int cType, int ldc, long long strideC, int batches, int compute, int) {
  return gemmEx("cublasGemmStridedBatchedEx", handle, opA, opB, m, n, k, alpha, {a, aType, lda, strideA, false},
                {b, bType, ldb, strideB, false}, beta, c, cType, ldc, strideC, batches, compute);
}
