// cuDNN: handles, descriptors, and the calls for convolutions.
#include <algorithm>
#include <cstdio>
#include "convolution.h"

namespace fake {

namespace {

enum Status { OK = 0, NOT_READY_YET = 1001, BAD_PARAM = 2000, UNSUPPORTED = 3000, FAILED = 5000 };

// cuDNN's numbers of types, as cuBLAS' of number.h.
int typeOf(int dnnType) { return dnnType == 0 ? FLOAT32 : dnnType == 9 ? BFLOAT16 : -1; }

struct Dnn {
  int device;
  void *stream = nullptr;
};

auto &handles = *new Handles<Dnn>;
auto &tensors = *new Handles<Tensor>;
auto &filters = *new Handles<Filter>;
auto &convolutions = *new Handles<Convolution>;

// The descriptors as a problem whose sizes fit together.
int describe(Pass pass, const void *xHandle, const void *wHandle, const void *convolutionHandle, const void *yHandle, Problem *problem) {
  const char *who = name(pass);
  Tensor *x = tensors.find(xHandle), *y = tensors.find(yHandle);
  Filter *w = filters.find(wHandle);
  Convolution *convolution = convolutions.find(convolutionHandle);
  if (!x || !y || !w || !convolution) return misuse(INVALID_HANDLE, "%s: a descriptor isn't living", who), BAD_PARAM;
  if (!known(x->type) || x->type != w->type || x->type != y->type || convolution->compute != 0)
    return misuse(NOT_SUPPORTED, "%s: types %d, %d, %d by %d", who, x->type, w->type, y->type, convolution->compute), UNSUPPORTED;
  if (convolution->groups != 1) return misuse(NOT_SUPPORTED, "%s: the fake has no groups", who), UNSUPPORTED;
  if (x->c != w->c || y->c != w->k || x->n != y->n || y->h != convolution->output(0, x->h, w->r) || y->w != convolution->output(1, x->w, w->s))
    return misuse(INVALID_VALUE, "%s: x %d x %d x %d x %d, w %d x %d x %d x %d, y %d x %d x %d x %d (n c h w)", who, x->n, x->c, x->h,
                  x->w, w->k, w->c, w->r, w->s, y->n, y->c, y->h, y->w), BAD_PARAM;
  *problem = {pass, *x, *y, *w, *convolution};
  return OK;
}

// Algorithms 0 and 1 are there; 0 is fast, small and not repeatable.
bool offered(int algorithm) { return algorithm == 0 || algorithm == 1; }

size_t workspaceBytes(const Problem &problem, int algorithm) { return algorithm == 0 ? 0 : 1024 + problem.w.size() * 4; }

struct Performance {
  int algorithm, status;
  float time;
  size_t memory;
  int determinism, math, reserved[3];
};

int choose(Pass pass, const void *handle, const void *x, const void *w, const void *convolution, const void *y, int room, int *returned,
           Performance *results) {
  if (!handles.find(handle)) return misuse(INVALID_HANDLE, "%s: %p is no living handle", name(pass), handle), NOT_READY_YET;
  Problem problem;
  if (int status = describe(pass, x, w, convolution, y, &problem)) return status;
  if (room < 1 || !results || !returned) return BAD_PARAM;
  int math = problem.convolution.math;
  // The last one is as the real library's lists end.
  const Performance all[] = {{0, OK, -1, workspaceBytes(problem, 0), 0, math, {}},
                             {1, OK, -1, workspaceBytes(problem, 1), 1, math, {}},
                             {2, UNSUPPORTED, -1, static_cast<size_t>(-1), 1, math, {}}};
  *returned = std::min(room, 3);
  std::copy(all, all + *returned, results);
  return OK;
}

int workspace(Pass pass, const void *x, const void *w, const void *convolution, const void *y, int algorithm, size_t *bytes) {
  Problem problem;
  if (int status = describe(pass, x, w, convolution, y, &problem)) return status;
  if (!offered(algorithm)) return UNSUPPORTED;
  *bytes = workspaceBytes(problem, algorithm);
  return OK;
}

int convolve(Pass pass, const void *handle, const void *alpha, const void *xTensor, const void *x, const void *wFilter, const void *w,
             const void *convolution, int algorithm, void *space, size_t spaceBytes, const void *beta, const void *yTensor, const void *y) {
  const char *who = name(pass);
  Dnn *dnn = handles.find(handle);
  if (!dnn) return misuse(INVALID_HANDLE, "%s: %p is no living handle", who, handle), NOT_READY_YET;
  if (dnn->device != currentDevice()) return misuse(INVALID_HANDLE, "%s: a handle of device %d on device %d", who, dnn->device, currentDevice()), BAD_PARAM;
  Problem problem;
  if (int status = describe(pass, xTensor, wFilter, convolution, yTensor, &problem)) return status;
  if (!alpha || !beta || touchesDevice(alpha, 1) || touchesDevice(beta, 1)) return misuse(INVALID_VALUE, "%s: alpha or beta isn't in host memory", who), BAD_PARAM;
  if (!offered(algorithm)) return misuse(NOT_SUPPORTED, "%s: algorithm %d", who, algorithm), UNSUPPORTED;
  size_t needed = workspaceBytes(problem, algorithm);
  if (spaceBytes < needed || (needed > 0 && !space))
    return misuse(INVALID_VALUE, "%s: a workspace of %zu bytes at %p, %zu are needed", who, spaceBytes, space, needed), BAD_PARAM;
  problem.xData = x;
  problem.yData = y;
  problem.wData = w;
  problem.alpha = *static_cast<const float *>(alpha);
  problem.beta = *static_cast<const float *>(beta);
  int error = submit(dnn->stream, {who, [problem, algorithm, space, needed, who] {
    if (!problem.reachable() || (needed > 0 && !checkDevice(space, needed, who, "the workspace"))) return int(ILLEGAL_ADDRESS);
    // Nothing that matters may lie there.
    if (needed > 0) memset(real(space), 0xFF, needed);
    Problem now = problem;
    // Not repeatable: in the last bits, as another order of the sums would be.
    if (algorithm == 0) now.alpha *= 1 + 1e-7 * static_cast<double>(disorder() % 4);
    now.run();
    return int(SUCCESS);
  }});
  return error ? FAILED : OK;
}

template <class T> int create(Handles<T> &all, void **handle) {
  if (!handle) return BAD_PARAM;
  *handle = all.add(new T);
  return OK;
}

template <class T> int destroy(Handles<T> &all, void *handle, const char *call) {
  return all.remove(handle) ? OK : (misuse(INVALID_HANDLE, "%s of %p, which isn't living", call, handle), BAD_PARAM);
}

int setTensor(void *handle, int type, int n, int c, int h, int w, int nStride, int cStride, int hStride, int wStride) {
  Tensor *tensor = tensors.find(handle);
  if (!tensor) return misuse(INVALID_HANDLE, "cudnnSetTensor4dDescriptor of %p, which isn't living", handle), BAD_PARAM;
  if (n < 1 || c < 1 || h < 1 || w < 1 || nStride < 0 || cStride < 0 || hStride < 0 || wStride < 0)
    return misuse(INVALID_VALUE, "a tensor of %d x %d x %d x %d, strides %d %d %d %d", n, c, h, w, nStride, cStride, hStride, wStride), BAD_PARAM;
  *tensor = {typeOf(type), n, c, h, w, {nStride, cStride, hStride, wStride}};
  return OK;
}

}  // namespace

}  // namespace fake

using namespace fake;

EXPORT size_t cudnnGetVersion() { return 91900; }
EXPORT size_t cudnnGetCudartVersion() { return 13010; }
EXPORT int cudnnGetProperty(int which, int *value) { return *value = which == 0 ? 9 : which == 1 ? 19 : 0, OK; }

EXPORT const char *cudnnGetErrorString(int status) {
  switch (status) {
    case OK: return "CUDNN_STATUS_SUCCESS";
    case NOT_READY_YET: return "CUDNN_STATUS_NOT_INITIALIZED";
    case BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
    case UNSUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
    case FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
    default: return "CUDNN_UNKNOWN_STATUS";
  }
}

EXPORT void cudnnGetLastErrorString(char *text, size_t room) { snprintf(text, room, "see stderr"); }

EXPORT int cudnnCreate(void **handle) {
  if (initialize() || forbiddenInCapture("cudnnCreate")) return NOT_READY_YET;
  Dnn *dnn = new Dnn;
  dnn->device = currentDevice();
  *handle = handles.add(dnn);
  return OK;
}

EXPORT int cudnnDestroy(void *handle) {
  awaitAll();
  return destroy(handles, handle, "cudnnDestroy");
}

EXPORT int cudnnSetStream(void *handle, void *stream) {
  Dnn *dnn = handles.find(handle);
  if (!dnn || checkStream(stream)) return misuse(INVALID_HANDLE, "cudnnSetStream(%p, %p)", handle, stream), BAD_PARAM;
  dnn->stream = stream;
  return OK;
}

EXPORT int cudnnGetStream(void *handle, void **stream) {
  Dnn *dnn = handles.find(handle);
  if (!dnn) return BAD_PARAM;
  *stream = dnn->stream;
  return OK;
}

EXPORT int cudnnCreateTensorDescriptor(void **handle) { return create(tensors, handle); }
EXPORT int cudnnDestroyTensorDescriptor(void *handle) { return destroy(tensors, handle, "cudnnDestroyTensorDescriptor"); }
EXPORT int cudnnCreateFilterDescriptor(void **handle) { return create(filters, handle); }
EXPORT int cudnnDestroyFilterDescriptor(void *handle) { return destroy(filters, handle, "cudnnDestroyFilterDescriptor"); }
EXPORT int cudnnCreateConvolutionDescriptor(void **handle) { return create(convolutions, handle); }
EXPORT int cudnnDestroyConvolutionDescriptor(void *handle) { return destroy(convolutions, handle, "cudnnDestroyConvolutionDescriptor"); }

EXPORT int cudnnSetTensor4dDescriptorEx(void *handle, int type, int n, int c, int h, int w, int nStride, int cStride, int hStride, int wStride) {
  return setTensor(handle, type, n, c, h, w, nStride, cStride, hStride, wStride);
}

EXPORT int cudnnSetTensor4dDescriptor(void *handle, int format, int type, int n, int c, int h, int w) {
  return format == 1 ? setTensor(handle, type, n, c, h, w, h * w * c, 1, w * c, c) : setTensor(handle, type, n, c, h, w, c * h * w, h * w, w, 1);
}

EXPORT int cudnnSetFilter4dDescriptor(void *handle, int type, int format, int k, int c, int r, int s) {
  Filter *filter = filters.find(handle);
  if (!filter || k < 1 || c < 1 || r < 1 || s < 1 || format < 0 || format > 1)
    return misuse(INVALID_VALUE, "cudnnSetFilter4dDescriptor(%p, %d, %d, %d, %d, %d, %d)", handle, type, format, k, c, r, s), BAD_PARAM;
  *filter = {typeOf(type), format, k, c, r, s};
  return OK;
}

EXPORT int cudnnSetConvolution2dDescriptor(void *handle, int padH, int padW, int strideH, int strideW, int dilationH, int dilationW, int mode, int compute) {
  Convolution *convolution = convolutions.find(handle);
  if (!convolution || padH < 0 || padW < 0 || strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || mode < 0 || mode > 1)
    return misuse(INVALID_VALUE, "cudnnSetConvolution2dDescriptor(%p, ...)", handle), BAD_PARAM;
  *convolution = {{padH, padW}, {strideH, strideW}, {dilationH, dilationW}, mode, compute, 0, 1};
  return OK;
}

EXPORT int cudnnSetConvolutionMathType(void *handle, int math) {
  Convolution *convolution = convolutions.find(handle);
  if (!convolution || math < 0 || math > 3) return misuse(INVALID_VALUE, "cudnnSetConvolutionMathType(%p, %d)", handle, math), BAD_PARAM;
  convolution->math = math;
  return OK;
}

EXPORT int cudnnGetConvolutionMathType(void *handle, int *math) {
  Convolution *convolution = convolutions.find(handle);
  if (!convolution) return BAD_PARAM;
  *math = convolution->math;
  return OK;
}

EXPORT int cudnnSetConvolutionGroupCount(void *handle, int groups) {
  Convolution *convolution = convolutions.find(handle);
  if (!convolution) return BAD_PARAM;
  convolution->groups = groups;
  return OK;
}

EXPORT int cudnnGetConvolution2dForwardOutputDim(void *handle, void *xTensor, void *wFilter, int *n, int *c, int *h, int *w) {
  Convolution *convolution = convolutions.find(handle);
  Tensor *x = tensors.find(xTensor);
  Filter *filter = filters.find(wFilter);
  if (!convolution || !x || !filter) return BAD_PARAM;
  *n = x->n;
  *c = filter->k;
  *h = convolution->output(0, x->h, filter->r);
  *w = convolution->output(1, x->w, filter->s);
  return OK;
}

EXPORT int cudnnGetConvolutionForwardAlgorithmMaxCount(void *, int *count) { return *count = 3, OK; }
EXPORT int cudnnGetConvolutionBackwardDataAlgorithmMaxCount(void *, int *count) { return *count = 3, OK; }
EXPORT int cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(void *, int *count) { return *count = 3, OK; }

EXPORT int cudnnGetConvolutionForwardAlgorithm_v7(void *handle, void *x, void *w, void *convolution, void *y, int room, int *returned, Performance *results) {
  return choose(FORWARD, handle, x, w, convolution, y, room, returned, results);
}
EXPORT int cudnnGetConvolutionBackwardDataAlgorithm_v7(void *handle, void *w, void *dy, void *convolution, void *dx, int room, int *returned, Performance *results) {
  return choose(DATA, handle, dx, w, convolution, dy, room, returned, results);
}
EXPORT int cudnnGetConvolutionBackwardFilterAlgorithm_v7(void *handle, void *x, void *dy, void *convolution, void *dw, int room, int *returned, Performance *results) {
  return choose(FILTER, handle, x, dw, convolution, dy, room, returned, results);
}

EXPORT int cudnnGetConvolutionForwardWorkspaceSize(void *, void *x, void *w, void *convolution, void *y, int algorithm, size_t *bytes) {
  return workspace(FORWARD, x, w, convolution, y, algorithm, bytes);
}
EXPORT int cudnnGetConvolutionBackwardDataWorkspaceSize(void *, void *w, void *dy, void *convolution, void *dx, int algorithm, size_t *bytes) {
  return workspace(DATA, dx, w, convolution, dy, algorithm, bytes);
}
EXPORT int cudnnGetConvolutionBackwardFilterWorkspaceSize(void *, void *x, void *dy, void *convolution, void *dw, int algorithm, size_t *bytes) {
  return workspace(FILTER, x, dw, convolution, dy, algorithm, bytes);
}

EXPORT int cudnnConvolutionForward(void *handle, const void *alpha, void *xTensor, const void *x, void *wFilter, const void *w, void *convolution,
                                   int algorithm, void *space, size_t spaceBytes, const void *beta, void *yTensor, void *y) {
  return convolve(FORWARD, handle, alpha, xTensor, x, wFilter, w, convolution, algorithm, space, spaceBytes, beta, yTensor, y);
}
EXPORT int cudnnConvolutionBackwardData(void *handle, const void *alpha, void *wFilter, const void *w, void *dyTensor, const void *dy, void *convolution,
                                        int algorithm, void *space, size_t spaceBytes, const void *beta, void *dxTensor, void *dx) {
  return convolve(DATA, handle, alpha, dxTensor, dx, wFilter, w, convolution, algorithm, space, spaceBytes, beta, dyTensor, dy);
}
EXPORT int cudnnConvolutionBackwardFilter(void *handle, const void *alpha, void *xTensor, const void *x, void *dyTensor, const void *dy, void *convolution,
                                          int algorithm, void *space, size_t spaceBytes, const void *beta, void *dwFilter, void *dw) {
  return convolve(FILTER, handle, alpha, xTensor, x, dwFilter, dw, convolution, algorithm, space, spaceBytes, beta, dyTensor, dy);
}
