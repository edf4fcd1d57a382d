// Modules and launches: the driver API, over kernels that were compiled into this library.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include "fake.h"

namespace fake {

namespace {

struct Module {
  int device;
  // The text if the image is PTX: what it says of its entries is compared with the kernels here.
  std::string text;
};

struct Function {
  Module *module;
  const Kernel *kernel;
};

auto &modules = *new Handles<Module>;
auto &functions = *new Handles<Function>;

int checkContext(const char *call) {
  if (contextIsCurrent()) return SUCCESS;
  return misuse(INVALID_CONTEXT, "%s in a thread where no call of the runtime has made a context current", call);
}

// Whether a text begins, behind white space and comments, with PTX's first directive.
bool isPtx(const char *text) {
  for (;;) {
    text += strspn(text, " \t\r\n");
    if (strncmp(text, "//", 2) == 0) {
      text = strchr(text, '\n');
      if (!text) return false;
    } else if (strncmp(text, "/*", 2) == 0) {
      text = strstr(text, "*/");
      if (!text) return false;
      text += 2;
    } else {
      return strncmp(text, ".version", 8) == 0;
    }
  }
}

int load(void **handle, const void *image) {
  if (int error = checkContext("cuModuleLoadData")) return error;
  if (int error = forbiddenInCapture("cuModuleLoadData")) return error;
  if (!handle || !image) return misuse(INVALID_VALUE, "cuModuleLoadData of a null pointer");
  const char *text = static_cast<const char *>(image);
  if (!*text) return misuse(INVALID_IMAGE, "cuModuleLoadData of an empty image");
  *handle = modules.add(new Module{currentDevice(), isPtx(text) ? text : ""});
  count("cuModuleLoad");
  return SUCCESS;
}

// The bytes of each parameter of the PTX's entry, 0 for one that is no single number. False if there is no such entry.
bool parameters(const std::string &text, const std::string &name, std::vector<size_t> *sizes) {
  for (size_t at = text.find(".entry"); at != std::string::npos; at = text.find(".entry", at + 1)) {
    size_t start = text.find_first_not_of(" \t\r\n", at + 6);
    if (text.compare(start, name.size(), name) != 0) continue;
    size_t next = text.find_first_not_of(" \t\r\n", start + name.size());
    if (next == std::string::npos || (text[next] != '(' && text[next] != '{' && text[next] != '.')) continue;
    if (text[next] != '(') return true;
    std::string list = text.substr(next, text.find(')', next) - next);
    // As in ".param .u64 .ptr .align 1 NAME" or ".param .align 8 .b8 NAME[16]".
    for (size_t param = list.find(".param"); param != std::string::npos; param = list.find(".param", param + 1)) {
      size_t type = list.find('.', param + 1);
      int bits = type == std::string::npos || type + 2 > list.size() ? 0 : atoi(list.c_str() + type + 2);
      sizes->push_back(bits / 8);
    }
    return true;
  }
  return false;
}

std::string listed(const std::vector<size_t> &sizes) {
  std::string list;
  for (size_t size : sizes) list += " " + std::to_string(size);
  return list;
}

// The options by which a caller of cuModuleLoadDataEx asks for the compiler's messages: there are none.
void emptyLogs(unsigned size, const int *options, void **values) {
  const int INFO = 3, INFO_BYTES = 4, ERRORS = 5, ERROR_BYTES = 6;
  for (unsigned i = 0; i < size; i++) {
    if ((options[i] == INFO || options[i] == ERRORS) && values[i]) *static_cast<char *>(values[i]) = 0;
    if (options[i] == INFO_BYTES || options[i] == ERROR_BYTES) values[i] = nullptr;
  }
}

// The arguments as one buffer, each at a multiple of its size as the compiler lays them out.
std::vector<void *> unpack(const Kernel &kernel, char *buffer, size_t bytes, int *error) {
  std::vector<void *> values;
  size_t offset = 0;
  for (size_t size : kernel.arguments) {
    size_t alignment = std::min<size_t>(size, 16);
    offset = (offset + alignment - 1) / alignment * alignment;
    values.push_back(buffer + offset);
    offset += size;
  }
  if (offset > bytes) *error = misuse(INVALID_VALUE, "%s has %zu bytes of arguments, not %zu", kernel.name.c_str(), offset, bytes);
  return values;
}

int checkSizes(const Kernel &kernel, Size grid, Size block, unsigned shared) {
  unsigned long long threads = 1ull * block.x * block.y * block.z;
  if (threads == 0 || 1ull * grid.x * grid.y * grid.z == 0 || threads > 1024 || block.z > 64 || grid.x > 2147483647u ||
      grid.y > 65535 || grid.z > 65535)
    return misuse(INVALID_VALUE, "%s with grid %u x %u x %u, block %u x %u x %u", kernel.name.c_str(), grid.x, grid.y, grid.z,
                  block.x, block.y, block.z);
  if (threads > static_cast<unsigned>(kernel.maxThreads))
    return misuse(OUT_OF_RESOURCES, "%s with %llu threads, its launch bounds are %d", kernel.name.c_str(), threads, kernel.maxThreads);
  if (shared > 0) return misuse(NOT_SUPPORTED, "%s with %u bytes of dynamic shared memory, which the fake hasn't", kernel.name.c_str(), shared);
  return SUCCESS;
}

}  // namespace

}  // namespace fake

using namespace fake;

// NVIDIA's own compiler asks for tables that nobody documents, and goes without where there are none.
EXPORT int cuGetExportTable(const void **, const void *) { return INVALID_VALUE; }

EXPORT int cuInit(unsigned) { return deviceCount() == 0 ? NO_DEVICE : SUCCESS; }

EXPORT int cuDeviceGetCount(int *count) { return *count = deviceCount(), SUCCESS; }

EXPORT int cuDeviceGet(int *device, int number) {
  if (number < 0 || number >= deviceCount()) return misuse(INVALID_DEVICE, "cuDeviceGet(%d) of %d", number, deviceCount());
  return *device = number, SUCCESS;
}

EXPORT int cuDeviceGetName(char *text, int room, int number) {
  snprintf(text, room, "Fake CUDA device %d", number);
  return SUCCESS;
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int) { return *bytes = number("MEMORY", 8ll << 30), SUCCESS; }

// A context is told by its device's number + 1.
EXPORT int cuCtxGetCurrent(void **context) {
  *context = contextIsCurrent() ? reinterpret_cast<void *>(currentDevice() + 1ll) : nullptr;
  return SUCCESS;
}

EXPORT int cudaSetDevice(int);

EXPORT int cuDevicePrimaryCtxRetain(void **context, int device) { return *context = reinterpret_cast<void *>(device + 1ll), SUCCESS; }
EXPORT int cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }
EXPORT int cuCtxSetCurrent(void *context) { return context ? cudaSetDevice(static_cast<int>(reinterpret_cast<intptr_t>(context) - 1)) : SUCCESS; }
EXPORT int cuCtxSynchronize() { return checkContext("cuCtxSynchronize") ? INVALID_CONTEXT : awaitAll(); }

EXPORT int cuModuleLoadData(void **module, const void *image) { return load(module, image); }

EXPORT int cuModuleLoadDataEx(void **module, const void *image, unsigned size, int *options, void **values) {
  emptyLogs(size, options, values);
  return load(module, image);
}

EXPORT int cuModuleUnload(void *handle) {
  if (int error = checkContext("cuModuleUnload")) return error;
  awaitAll();
  Module *module = modules.find(handle);
  if (!module) return misuse(INVALID_HANDLE, "cuModuleUnload of %p, no loaded module", handle);
  for (Function *function : functions.all())
    if (function->module == module) functions.remove(function);
  modules.remove(handle);
  return SUCCESS;
}

EXPORT int cuModuleGetFunction(void **handle, void *moduleHandle, const char *name) {
  if (int error = checkContext("cuModuleGetFunction")) return error;
  Module *module = modules.find(moduleHandle);
  if (!module) return misuse(INVALID_HANDLE, "cuModuleGetFunction of %p, no loaded module", moduleHandle);
  auto found = kernels().find(name);
  if (found == kernels().end()) return misuse(NOT_FOUND, "there is no kernel %s", name);
  const Kernel &kernel = found->second;
  if (module->text.find(".entry") != std::string::npos) {
    std::vector<size_t> sizes;
    if (!parameters(module->text, name, &sizes)) return misuse(NOT_FOUND, "the PTX has no entry %s", name);
    bool same = sizes.size() == kernel.arguments.size();
    for (size_t i = 0; same && i < sizes.size(); i++) same = sizes[i] == 0 || sizes[i] == kernel.arguments[i];
    if (!same)
      return misuse(INVALID_IMAGE, "the PTX's %s has parameters of%s bytes, the source's of%s: the PTX is old", name,
                    listed(sizes).c_str(), listed(kernel.arguments).c_str());
  }
  *handle = functions.add(new Function{module, &kernel});
  return SUCCESS;
}

EXPORT int cuFuncGetAttribute(int *value, int attribute, void *handle) {
  Function *function = functions.find(handle);
  if (!function) return misuse(INVALID_HANDLE, "cuFuncGetAttribute of %p, no function", handle);
  const int MAX_THREADS = 0, REGISTERS = 4;
  *value = attribute == MAX_THREADS ? function->kernel->maxThreads : attribute == REGISTERS ? 32 : 0;
  return SUCCESS;
}

EXPORT int cuFuncSetAttribute(void *handle, int, int) {
  return functions.find(handle) ? SUCCESS : misuse(INVALID_HANDLE, "cuFuncSetAttribute of %p, no function", handle);
}

EXPORT int cuFuncSetCacheConfig(void *handle, int) { return cuFuncSetAttribute(handle, 0, 0); }

EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, void *handle, int threads, size_t) {
  *blocks = std::max(1, 2048 / std::max(1, threads));
  return cuFuncSetAttribute(handle, 0, 0);
}

EXPORT int cuLaunchKernel(void *handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                          unsigned blockZ, unsigned shared, void *stream, void **values, void **extra) {
  if (int error = checkContext("cuLaunchKernel")) return error;
  Function *function = functions.find(handle);
  if (!function) return misuse(INVALID_HANDLE, "cuLaunchKernel of %p, no function of a loaded module", handle);
  const Kernel &kernel = *function->kernel;
  if (function->module->device != currentDevice())
    return misuse(INVALID_HANDLE, "%s of device %d is launched on device %d", kernel.name.c_str(), function->module->device, currentDevice());
  Size grid{gridX, gridY, gridZ}, block{blockX, blockY, blockZ};
  if (int error = checkSizes(kernel, grid, block, shared)) return error;
  int error = SUCCESS;
  std::vector<void *> unpacked;
  if (!values && extra) {
    const intptr_t BUFFER = 1, BYTES = 2;
    char *buffer = nullptr;
    size_t bytes = 0;
    for (; *extra; extra += 2) {
      if (reinterpret_cast<intptr_t>(*extra) == BUFFER) buffer = static_cast<char *>(extra[1]);
      if (reinterpret_cast<intptr_t>(*extra) == BYTES) bytes = *static_cast<size_t *>(extra[1]);
    }
    unpacked = unpack(kernel, buffer, bytes, &error);
    values = unpacked.data();
  }
  if (error) return error;
  if (!values && !kernel.arguments.empty()) return misuse(INVALID_VALUE, "%s without arguments", kernel.name.c_str());
  Call call = kernel.bind(values);
  if (int wrong = call.check()) return wrong;
  // Looked at once more when it runs: a graph remembers addresses.
  return submit(stream, {"kernel." + kernel.name, [&kernel, grid, block, call] {
    int wrong = call.check();
    return wrong ? wrong : runKernel(kernel, grid, block, call.body);
  }});
}
