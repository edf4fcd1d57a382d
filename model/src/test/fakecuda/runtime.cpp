// Devices, contexts, errors, versions, and the copies and fills of the runtime.
#include <atomic>
#include <cstdio>
#include <cstring>
#include "fake.h"

namespace fake {

static thread_local int device = 0;
// The driver's calls need a current context; the runtime's calls make one. Each thread has to do so by itself.
static thread_local bool current = false;
static thread_local int lastError = SUCCESS;
static std::atomic<int> broken{SUCCESS};

const char *errorName(int error) {
  switch (error) {
    case SUCCESS: return "cudaSuccess";
    case INVALID_VALUE: return "cudaErrorInvalidValue";
    case OUT_OF_MEMORY: return "cudaErrorMemoryAllocation";
    case NOT_INITIALIZED: return "cudaErrorInitializationError";
    case INVALID_CONFIGURATION: return "cudaErrorInvalidConfiguration";
    case INVALID_DIRECTION: return "cudaErrorInvalidMemcpyDirection";
    case NO_DEVICE: return "cudaErrorNoDevice";
    case INVALID_DEVICE: return "cudaErrorInvalidDevice";
    case INVALID_IMAGE: return "cudaErrorInvalidKernelImage";
    case INVALID_CONTEXT: return "cudaErrorDeviceUninitialized";
    case INVALID_HANDLE: return "cudaErrorInvalidResourceHandle";
    case NOT_FOUND: return "cudaErrorSymbolNotFound";
    case NOT_READY: return "cudaErrorNotReady";
    case ILLEGAL_ADDRESS: return "cudaErrorIllegalAddress";
    case OUT_OF_RESOURCES: return "cudaErrorLaunchOutOfResources";
    case LAUNCH_FAILURE: return "cudaErrorLaunchFailure";
    case NOT_SUPPORTED: return "cudaErrorNotSupported";
    case CAPTURE_UNSUPPORTED: return "cudaErrorStreamCaptureUnsupported";
    case CAPTURE_INVALIDATED: return "cudaErrorStreamCaptureInvalidated";
    case CAPTURE_MERGE: return "cudaErrorStreamCaptureMerge";
    case CAPTURE_UNMATCHED: return "cudaErrorStreamCaptureUnmatched";
    case CAPTURE_UNJOINED: return "cudaErrorStreamCaptureUnjoined";
    case CAPTURE_ISOLATION: return "cudaErrorStreamCaptureIsolation";
    case CAPTURE_IMPLICIT: return "cudaErrorStreamCaptureImplicit";
    case CAPTURED_EVENT: return "cudaErrorCapturedEvent";
    case CAPTURE_WRONG_THREAD: return "cudaErrorStreamCaptureWrongThread";
    default: return "unrecognized error code";
  }
}

int deviceCount() { return static_cast<int>(number("DEVICES", 1)); }
int currentDevice() { return device; }
bool contextIsCurrent() { return current; }

int initialize() {
  if (deviceCount() == 0) return NO_DEVICE;
  if (device >= deviceCount()) return INVALID_DEVICE;
  current = true;
  return SUCCESS;
}

int report(int error) {
  if (error) lastError = error;
  return error;
}

int fail(int error) {
  int none = SUCCESS;
  broken.compare_exchange_strong(none, error);
  return error;
}

int sticky() { return broken; }
void recover() { broken = SUCCESS; }

namespace {

// Where an address is: what the runtime knows by unified addressing.
bool isDevice(const void *pointer) { return touchesDevice(pointer, 1); }

// Compares the direction of a copy with where its ends are.
int checkCopy(const void *to, size_t toBytes, const void *from, size_t fromBytes, int kind, bool *toDevice, bool *fromDevice) {
  *toDevice = isDevice(to);
  *fromDevice = isDevice(from);
  if (kind < 0 || kind > 4) return misuse(INVALID_DIRECTION, "a copy with kind %d", kind);
  if (kind != 4 && (*toDevice != (kind == 1 || kind == 3) || *fromDevice != (kind == 2 || kind == 3)))
    return misuse(INVALID_VALUE, "a copy of kind %d from %s memory to %s memory", kind, *fromDevice ? "device" : "host",
                  *toDevice ? "device" : "host");
  if (*toDevice ? !checkDevice(to, toBytes, "copy", "the target") : touchesDevice(to, toBytes)) return INVALID_VALUE;
  if (*fromDevice ? !checkDevice(from, fromBytes, "copy", "the source") : touchesDevice(from, fromBytes)) return INVALID_VALUE;
  return SUCCESS;
}

const char *copyName(bool toDevice, bool fromDevice) {
  return toDevice ? (fromDevice ? "copy.d2d" : "copy.h2d") : fromDevice ? "copy.d2h" : "copy.h2h";
}

// A rectangle of rows; a plain copy is one row.
struct Copy {
  char *to;
  size_t toPitch;
  const char *from;
  size_t fromPitch, width, height;

  size_t toBytes() const { return toPitch * (height - 1) + width; }
  size_t fromBytes() const { return fromPitch * (height - 1) + width; }
  void run() const {
    for (size_t row = 0; row < height; row++) memmove(real(to) + row * toPitch, real(from) + row * fromPitch, width);
  }
};

int copy(Copy copy, int kind, const void *stream, bool wait) {
  if (int error = initialize()) return error;
  if (copy.width == 0 || copy.height == 0) return SUCCESS;
  if (copy.height > 1 && (copy.toPitch < copy.width || copy.fromPitch < copy.width))
    return misuse(12, "a copy of rows of %zu bytes with pitches %zu and %zu", copy.width, copy.toPitch, copy.fromPitch);
  bool toDevice, fromDevice;
  if (int error = checkCopy(copy.to, copy.toBytes(), copy.from, copy.fromBytes(), kind, &toDevice, &fromDevice)) return error;
  std::string name = copyName(toDevice, fromDevice);
  bool captured = capturing(stream);
  // Pageable memory: what is read from is taken at once, what is written to is there when the call returns.
  std::shared_ptr<std::vector<char>> staged;
  if (!captured && !fromDevice && !pinned(copy.from, copy.fromBytes())) {
    staged = std::make_shared<std::vector<char>>(copy.from, copy.from + copy.fromBytes());
    copy.from = staged->data();
    if (!wait) count("copy.pageable");
  }
  if (!captured && !toDevice && !pinned(copy.to, copy.toBytes())) {
    if (!wait) count("copy.pageable");
    wait = true;
  }
  int error = submit(stream, {name, [copy, staged, toDevice, fromDevice] {
    // Memory may have been freed since: a graph remembers addresses.
    if (toDevice && !checkDevice(copy.to, copy.toBytes(), "copy", "the target")) return int(ILLEGAL_ADDRESS);
    if (fromDevice && !checkDevice(copy.from, copy.fromBytes(), "copy", "the source")) return int(ILLEGAL_ADDRESS);
    copy.run();
    return int(SUCCESS);
  }});
  count(name + ".bytes", copy.width * copy.height);
  return error || captured || !wait ? error : await(stream);
}

int fill(char *to, size_t pitch, int value, size_t width, size_t height, const void *stream) {
  if (int error = initialize()) return error;
  if (width == 0 || height == 0) return SUCCESS;
  size_t bytes = pitch * (height - 1) + width;
  if (!checkDevice(to, bytes, "memset", "the target")) return INVALID_VALUE;
  return submit(stream, {"memset", [=] {
    if (!checkDevice(to, bytes, "memset", "the target")) return int(ILLEGAL_ADDRESS);
    for (size_t row = 0; row < height; row++) memset(real(to) + row * pitch, value, width);
    return int(SUCCESS);
  }});
}

Copy plain(void *to, const void *from, size_t bytes) {
  return {static_cast<char *>(to), bytes, static_cast<const char *>(from), bytes, bytes, 1};
}

}  // namespace

}  // namespace fake

using namespace fake;

EXPORT int cudaMemcpy(void *to, const void *from, size_t bytes, int kind) {
  if (int error = forbiddenInCapture("cudaMemcpy")) return report(error);
  return report(copy(plain(to, from, bytes), kind, nullptr, true));
}

EXPORT int cudaMemcpyAsync(void *to, const void *from, size_t bytes, int kind, void *stream) {
  return report(copy(plain(to, from, bytes), kind, stream, false));
}

EXPORT int cudaMemcpy2D(void *to, size_t toPitch, const void *from, size_t fromPitch, size_t width, size_t height, int kind) {
  if (int error = forbiddenInCapture("cudaMemcpy2D")) return report(error);
  return report(copy({static_cast<char *>(to), toPitch, static_cast<const char *>(from), fromPitch, width, height}, kind, nullptr, true));
}

EXPORT int cudaMemcpy2DAsync(void *to, size_t toPitch, const void *from, size_t fromPitch, size_t width, size_t height, int kind,
                             void *stream) {
  return report(copy({static_cast<char *>(to), toPitch, static_cast<const char *>(from), fromPitch, width, height}, kind, stream, false));
}

EXPORT int cudaMemset(void *to, int value, size_t bytes) {
  if (int error = forbiddenInCapture("cudaMemset")) return report(error);
  return report(fill(static_cast<char *>(to), bytes, value, bytes, 1, nullptr));
}

EXPORT int cudaMemsetAsync(void *to, int value, size_t bytes, void *stream) {
  return report(fill(static_cast<char *>(to), bytes, value, bytes, 1, stream));
}

EXPORT int cudaMemset2DAsync(void *to, size_t pitch, int value, size_t width, size_t height, void *stream) {
  return report(fill(static_cast<char *>(to), pitch, value, width, height, stream));
}

// ---- errors ----

EXPORT int cudaGetLastError() {
  int error = sticky() ? sticky() : lastError;
  lastError = SUCCESS;
  return error;
}

EXPORT int cudaPeekAtLastError() { return sticky() ? sticky() : lastError; }
EXPORT const char *cudaGetErrorName(int error) { return errorName(error); }

EXPORT const char *cudaGetErrorString(int error) {
  switch (error) {
    case SUCCESS: return "no error";
    case OUT_OF_MEMORY: return "out of memory";
    case NO_DEVICE: return "no CUDA-capable device is detected";
    default: return errorName(error);
  }
}

EXPORT int cuGetErrorName(int error, const char **text) {
  *text = errorName(error);
  return SUCCESS;
}

EXPORT int cuGetErrorString(int error, const char **text) {
  *text = cudaGetErrorString(error);
  return SUCCESS;
}

// ---- versions and devices ----

const int VERSION = 13010;

EXPORT int cudaDriverGetVersion(int *version) { return *version = number("DRIVER", VERSION), SUCCESS; }
EXPORT int cudaRuntimeGetVersion(int *version) { return *version = VERSION, SUCCESS; }
EXPORT int cuDriverGetVersion(int *version) { return *version = VERSION, SUCCESS; }

EXPORT int cudaGetDeviceCount(int *count) {
  *count = deviceCount();
  if (number("DRIVER", VERSION) < VERSION) return report(INSUFFICIENT_DRIVER);
  return report(*count == 0 ? NO_DEVICE : SUCCESS);
}

EXPORT int cudaSetDevice(int number) {
  if (deviceCount() == 0) return report(NO_DEVICE);
  if (number < 0 || number >= deviceCount()) return report(misuse(INVALID_DEVICE, "cudaSetDevice(%d) of %d", number, deviceCount()));
  device = number;
  return report(initialize());
}

EXPORT int cudaGetDevice(int *number) {
  if (deviceCount() == 0) return report(NO_DEVICE);
  *number = device;
  return SUCCESS;
}

EXPORT int cudaDeviceReset() { return report(awaitAll()); }
EXPORT int cudaSetDeviceFlags(unsigned) { return SUCCESS; }

static int attribute(int *value, int which, int number) {
  if (number < 0 || number >= deviceCount()) return misuse(INVALID_DEVICE, "an attribute of device %d of %d", number, deviceCount());
  static const std::map<int, int> values = {
      {1, 1024}, {2, 1024}, {3, 1024}, {4, 64},  // threads of a block
      {5, 2147483647}, {6, 65535}, {7, 65535},   // blocks of a grid
      {8, 49152}, {9, 65536}, {10, 32}, {11, 2147483647}, {12, 65536}, {13, 1980000}, {14, 512}, {15, 1},
      {16, 16},  // multiprocessors
      {18, 0}, {19, 1}, {20, 0}, {31, 1}, {32, 0}, {33, 0}, {34, 0}, {35, 0}, {36, 2619000}, {37, 5120}, {38, 52428800},
      {39, 2048}, {40, 3}, {41, 1}, {78, 1}, {81, 233472}, {82, 65536}, {83, 1}, {84, 0}, {86, 1},
      {88, 0}, {89, 1}, {90, 1}, {91, 1}, {95, 1}, {97, 232448}, {106, 32}, {111, 1024}, {115, 1}};
  auto found = values.find(which);
  int capability = static_cast<int>(fake::number("CAPABILITY", 90));
  *value = which == 75 ? capability / 10 : which == 76 ? capability % 10 : found == values.end() ? 0 : found->second;
  return SUCCESS;
}

EXPORT int cudaDeviceGetAttribute(int *value, int which, int number) { return report(attribute(value, which, number)); }
EXPORT int cuDeviceGetAttribute(int *value, int which, int number) { return attribute(value, which, number); }

// cudaDeviceProp of CUDA 13: the fields up to multiProcessorCount by name, the others at their offsets.
struct DeviceProperties {
  char name[256];
  char uuid[16];
  char luid[8];
  unsigned luidDeviceNodeMask;
  size_t totalGlobalMem, sharedMemPerBlock;
  int regsPerBlock, warpSize;
  size_t memPitch;
  int maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3];
  size_t totalConstMem;
  int major, minor;
  size_t textureAlignment, texturePitchAlignment;
  int multiProcessorCount, integrated, canMapHostMemory;
};

// The whole structure's size, of which nothing is left unset.
const size_t PROPERTIES_BYTES = 1008;

EXPORT int cudaGetDeviceProperties(DeviceProperties *properties, int number) {
  if (number < 0 || number >= deviceCount()) return report(misuse(INVALID_DEVICE, "properties of device %d of %d", number, deviceCount()));
  memset(static_cast<void *>(properties), 0, PROPERTIES_BYTES);
  snprintf(properties->name, sizeof properties->name, "Fake CUDA device %d", number);
  properties->uuid[0] = static_cast<char>(number + 1);
  properties->totalGlobalMem = fake::number("MEMORY", 8ll << 30);
  properties->sharedMemPerBlock = 49152;
  properties->regsPerBlock = 65536;
  properties->warpSize = 32;
  properties->memPitch = 2147483647;
  properties->maxThreadsPerBlock = 1024;
  properties->maxThreadsDim[0] = properties->maxThreadsDim[1] = 1024;
  properties->maxThreadsDim[2] = 64;
  properties->maxGridSize[0] = 2147483647;
  properties->maxGridSize[1] = properties->maxGridSize[2] = 65535;
  properties->totalConstMem = 65536;
  properties->major = static_cast<int>(fake::number("CAPABILITY", 90)) / 10;
  properties->minor = static_cast<int>(fake::number("CAPABILITY", 90)) % 10;
  properties->textureAlignment = 512;
  properties->texturePitchAlignment = 32;
  properties->multiProcessorCount = 16;
  properties->canMapHostMemory = 1;
  return SUCCESS;
}

EXPORT int cudaDeviceGetPCIBusId(char *text, int room, int number) {
  snprintf(text, room, "0000:%02x:00.0", number + 1);
  return SUCCESS;
}
