// What the parts of the fake CUDA share: errors, options, counts, memory, streams. No header of NVIDIA's is needed: the
// few functions, numbers and structures of CUDA's interface that the backend uses are declared where they are defined.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace fake {

// The runtime and the driver share these numbers.
enum Error {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  INVALID_CONFIGURATION = 9,
  INVALID_DIRECTION = 21,
  INSUFFICIENT_DRIVER = 35,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  OUT_OF_RESOURCES = 701,
  LAUNCH_FAILURE = 719,
  NOT_SUPPORTED = 801,
  CAPTURE_UNSUPPORTED = 900,
  CAPTURE_INVALIDATED = 901,
  CAPTURE_MERGE = 902,
  CAPTURE_UNMATCHED = 903,
  CAPTURE_UNJOINED = 904,
  CAPTURE_ISOLATION = 905,
  CAPTURE_IMPLICIT = 906,
  CAPTURED_EVENT = 907,
  CAPTURE_WRONG_THREAD = 908,
};

const char *errorName(int error);

// ---- options and counts (options.cpp) ----

// FAKECUDA_name of the environment unless set by the test.
std::string option(const char *name, const char *otherwise);
long long number(const char *name, long long otherwise);
// How often something happened, by name.
void count(const std::string &name, long long by = 1);
void gauge(const std::string &name, long long value);
void highest(const std::string &name, long long value);
void writeCounts();
// Says on stderr what was wrong, counts it, and returns the error to give back.
int misuse(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Pseudo-random numbers of the option SEED; 0 means "no disorder".
uint64_t disorder();

// ---- devices and errors (runtime.cpp) ----

int deviceCount();
int currentDevice();
// Makes the primary context of this thread's device current, as most calls of the runtime do.
int initialize();
bool contextIsCurrent();
// Remembers an error for cudaGetLastError.
int report(int error);
// An error inside of an operation, which no later call gets around.
int fail(int error);
int sticky();
// As if the process had begun anew.
void recover();

// ---- memory (memory.cpp) ----

// Whether all bytes from pointer on lie in one living allocation of a device.
bool onDevice(const void *pointer, size_t bytes);
bool pinned(const void *pointer, size_t bytes);
// Whether any byte lies in memory of a device, living or freed: the host must not touch it.
bool touchesDevice(const void *pointer, size_t bytes);
// The same as onDevice, with a word on stderr if not.
bool checkDevice(const void *pointer, size_t bytes, const char *who, const char *what);

// Addresses of device memory are mapped without access. What they stand for lies this much higher, where only the fake's
// operations look: a host access to device memory ends the process, even while an operation runs.
const uintptr_t DEVICE_ADDRESSES = 0x200000000000, DEVICE_DISTANCE = 0x100000000000;

// Where to read and write what a pointer tells: other memory than the device's is where it says.
template <class T> T *real(T *pointer) {
  uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
  return address - DEVICE_ADDRESSES < DEVICE_DISTANCE ? reinterpret_cast<T *>(address + DEVICE_DISTANCE) : pointer;
}

// ---- handles ----

// The living objects of a kind. Destroyed ones are forgotten, not deleted: a stale handle never meets a new object.
template <class T> class Handles {
  std::mutex mutex;
  std::set<T *> living;

 public:
  T *add(T *object) {
    std::lock_guard<std::mutex> lock(mutex);
    living.insert(object);
    return object;
  }
  T *find(const void *handle) {
    std::lock_guard<std::mutex> lock(mutex);
    auto found = living.find(static_cast<T *>(const_cast<void *>(handle)));
    return found == living.end() ? nullptr : *found;
  }
  bool remove(const void *handle) {
    std::lock_guard<std::mutex> lock(mutex);
    return living.erase(static_cast<T *>(const_cast<void *>(handle))) > 0;
  }
  std::vector<T *> all() {
    std::lock_guard<std::mutex> lock(mutex);
    return {living.begin(), living.end()};
  }
};

// ---- streams (stream.cpp) ----

// One thing a device does: what it is called in the counts and what it does, with its arguments inside.
struct Work {
  std::string name;
  std::function<int()> run;
  // Whether it waits for something outside of this process: then it keeps nothing but its own stream waiting.
  bool waits = false;
};

// Does the work now if nothing captures, later if the stream has a queue, or adds it to the stream's capture.
int submit(const void *stream, Work work);
// Runs one item: counted, one at a time in this process unless it waits.
int execute(const Work &work);
bool capturing(const void *stream);
// The handle as the index of a stream of this device, an error if there is none.
int checkStream(const void *stream);
// Waits for one stream, or for all streams of the current device.
int await(const void *stream);
int awaitAll();
// What CUDA forbids while a capture goes on that isn't relaxed: invalidates it.
int forbiddenInCapture(const char *call);

// ---- kernels (launch.cpp) ----

struct Size {
  unsigned x, y, z;
};

// A kernel with its arguments.
struct Call {
  // Looks at the pointers among them, complains, and gives an error back.
  std::function<int()> check;
  // Runs the thread that the built-in variables tell.
  std::function<void()> body;
};

struct Kernel {
  std::string name;
  int maxThreads;
  // Size in bytes of each argument.
  std::vector<size_t> arguments;
  // Copies the arguments from where the pointers tell.
  std::function<Call(void **)> bind;
};

std::map<std::string, Kernel> &kernels();
int runKernel(const Kernel &kernel, Size grid, Size block, const std::function<void()> &body);

}  // namespace fake
