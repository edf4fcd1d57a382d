// Device memory: addresses without access, and at a fixed distance from them what the fake's operations read and write.
// Pointers that lie in device memory or inside of a structure would be taken for what they say: kernels take none.
// Host memory that is "pinned" is only remembered as such.
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include "fake.h"

namespace fake {

namespace {

struct Allocation {
  char *start;
  size_t bytes;
  char *mapping;
  size_t mapped;
  int device;
};

std::mutex &mutex = *new std::mutex;
auto &allocations = *new std::map<uintptr_t, Allocation>;
auto &freed = *new std::map<uintptr_t, size_t>;
auto &hostAllocations = *new std::map<uintptr_t, size_t>;
auto &used = *new std::map<int, size_t>;
// Addresses are asked for one behind the other and not used twice, so that a stale pointer stays one.
uintptr_t nextAddress = DEVICE_ADDRESSES;

// 64 MiB of poison cost some 20 ms; greater allocations stay zero behind that.
const size_t POISONED = size_t(64) << 20;

template <class Entry> const Entry *below(const std::map<uintptr_t, Entry> &map, const void *pointer, uintptr_t *start) {
  auto next = map.upper_bound(reinterpret_cast<uintptr_t>(pointer));
  if (next == map.begin()) return nullptr;
  --next;
  *start = next->first;
  return &next->second;
}

bool inside(uintptr_t start, size_t size, const void *pointer, size_t bytes) {
  size_t offset = reinterpret_cast<uintptr_t>(pointer) - start;
  return offset <= size && bytes <= size - offset;
}

size_t total() { return number("MEMORY", 8ll << 30); }

// Exactly there and nowhere else.
bool map(char *address, size_t bytes, int protection) {
  void *got = mmap(address, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  return got == address;
}

void tell() {
  size_t sum = 0;
  for (auto &entry : used) sum += entry.second;
  gauge("memory.now", sum);
  highest("memory.peak", sum);
}

int allocate(void **pointer, size_t bytes) {
  if (!pointer) return misuse(INVALID_VALUE, "cudaMalloc to a null pointer");
  *pointer = nullptr;
  if (bytes == 0) return SUCCESS;
  std::lock_guard<std::mutex> lock(mutex);
  int device = currentDevice();
  // As the driver does: what is taken is rounded up to 512 bytes.
  size_t rounded = (bytes + 511) & ~size_t(511);
  if (rounded < bytes || rounded > total() - std::min(total(), used[device])) return OUT_OF_MEMORY;
  size_t page = sysconf(_SC_PAGESIZE), mapped = (rounded + page - 1) / page * page;
  char *mapping = reinterpret_cast<char *>(nextAddress);
  nextAddress += mapped + 16 * page;
  if (!map(mapping, mapped, PROT_NONE) || !map(mapping + DEVICE_DISTANCE, mapped, PROT_READ | PROT_WRITE)) return OUT_OF_MEMORY;
  // The end of the allocation is the end of its last page: kernels that run over it fall into the gap.
  char *start = mapping + mapped - rounded;
  if (number("POISON", 1)) memset(real(start), 0xFF, std::min(rounded, POISONED));
  allocations[reinterpret_cast<uintptr_t>(start)] = {start, bytes, mapping, mapped, device};
  used[device] += rounded;
  tell();
  *pointer = start;
  return SUCCESS;
}

int release(void *pointer) {
  if (!pointer) return SUCCESS;
  std::lock_guard<std::mutex> lock(mutex);
  auto found = allocations.find(reinterpret_cast<uintptr_t>(pointer));
  if (found == allocations.end())
    return misuse(INVALID_VALUE, "cudaFree of %p, which %s", pointer,
                  freed.count(reinterpret_cast<uintptr_t>(pointer)) ? "is freed already" : "cudaMalloc didn't give");
  Allocation &allocation = found->second;
  munmap(allocation.mapping, allocation.mapped);
  munmap(real(allocation.mapping), allocation.mapped);
  used[allocation.device] -= (allocation.bytes + 511) & ~size_t(511);
  freed[found->first] = allocation.bytes;
  tell();
  allocations.erase(found);
  return SUCCESS;
}

int allocateHost(void **pointer, size_t bytes) {
  if (!pointer) return misuse(INVALID_VALUE, "cudaMallocHost to a null pointer");
  void *memory = nullptr;
  if (posix_memalign(&memory, 4096, std::max<size_t>(bytes, 1))) return OUT_OF_MEMORY;
  // What isn't written is garbage on a real machine too.
  if (bytes <= POISONED && number("POISON", 1)) memset(memory, 0xFF, bytes);
  std::lock_guard<std::mutex> lock(mutex);
  hostAllocations[reinterpret_cast<uintptr_t>(memory)] = bytes;
  *pointer = memory;
  return SUCCESS;
}

int releaseHost(void *pointer) {
  if (!pointer) return SUCCESS;
  std::lock_guard<std::mutex> lock(mutex);
  if (!hostAllocations.erase(reinterpret_cast<uintptr_t>(pointer)))
    return misuse(INVALID_VALUE, "cudaFreeHost of %p, which isn't pinned memory", pointer);
  free(pointer);
  return SUCCESS;
}

}  // namespace

bool onDevice(const void *pointer, size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex);
  uintptr_t start;
  const Allocation *allocation = below(allocations, pointer, &start);
  return allocation && inside(start, allocation->bytes, pointer, bytes);
}

bool pinned(const void *pointer, size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex);
  uintptr_t start;
  const size_t *size = below(hostAllocations, pointer, &start);
  return size && inside(start, *size, pointer, bytes);
}

static bool overlaps(uintptr_t start, size_t size, const void *pointer, size_t bytes) {
  uintptr_t from = reinterpret_cast<uintptr_t>(pointer);
  return from < start + size && start < from + std::max<size_t>(bytes, 1);
}

bool touchesDevice(const void *pointer, size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex);
  const char *last = static_cast<const char *>(pointer) + std::max<size_t>(bytes, 1) - 1;
  uintptr_t start;
  if (const Allocation *allocation = below(allocations, last, &start))
    if (overlaps(start, allocation->bytes, pointer, bytes)) return true;
  if (const size_t *size = below(freed, last, &start))
    if (overlaps(start, *size, pointer, bytes)) return true;
  return false;
}

bool checkDevice(const void *pointer, size_t bytes, const char *who, const char *what) {
  if (onDevice(pointer, bytes)) return true;
  std::lock_guard<std::mutex> lock(mutex);
  uintptr_t start;
  const Allocation *allocation = below(allocations, pointer, &start);
  const size_t *old = below(freed, pointer, &start);
  if (allocation && overlaps(reinterpret_cast<uintptr_t>(allocation->start), allocation->bytes, pointer, 1))
    misuse(ILLEGAL_ADDRESS, "%s: %s needs %zu bytes at %p, its allocation ends after %zu", who, what, bytes, pointer,
           allocation->bytes - (static_cast<const char *>(pointer) - allocation->start));
  else
    misuse(ILLEGAL_ADDRESS, "%s: %s at %p is %s", who, what, pointer,
           old && overlaps(start, *old, pointer, 1) ? "freed memory" : "no memory of the device");
  return false;
}

}  // namespace fake

using namespace fake;

EXPORT int cudaMalloc(void **pointer, size_t bytes) {
  if (int error = initialize()) return report(error);
  if (int error = forbiddenInCapture("cudaMalloc")) return report(error);
  count("cudaMalloc");
  return report(allocate(pointer, bytes));
}

EXPORT int cudaFree(void *pointer) {
  if (int error = initialize()) return report(error);
  if (int error = forbiddenInCapture("cudaFree")) return report(error);
  // It waits for the device, as the real one does.
  if (pointer) awaitAll();
  return report(release(pointer));
}

EXPORT int cudaHostAlloc(void **pointer, size_t bytes, unsigned) {
  if (int error = initialize()) return report(error);
  if (int error = forbiddenInCapture("cudaHostAlloc")) return report(error);
  return report(allocateHost(pointer, bytes));
}

EXPORT int cudaMallocHost(void **pointer, size_t bytes) { return cudaHostAlloc(pointer, bytes, 0); }

EXPORT int cudaFreeHost(void *pointer) {
  if (int error = initialize()) return report(error);
  if (int error = forbiddenInCapture("cudaFreeHost")) return report(error);
  if (pointer) awaitAll();
  return report(releaseHost(pointer));
}

EXPORT int cudaMemGetInfo(size_t *available, size_t *all) {
  if (int error = initialize()) return report(error);
  std::lock_guard<std::mutex> lock(mutex);
  size_t size = total(), taken = std::min(size, used[currentDevice()]);
  if (available) *available = size - taken;
  if (all) *all = size;
  return SUCCESS;
}

// The start of the structure, which is all that is asked for: kind of memory (0 none, 1 host, 2 device), device, addresses.
struct PointerAttributes {
  int type, device;
  void *devicePointer, *hostPointer;
};

EXPORT int cudaPointerGetAttributes(PointerAttributes *attributes, const void *pointer) {
  if (int error = initialize()) return report(error);
  void *address = const_cast<void *>(pointer);
  if (onDevice(pointer, 1)) *attributes = {2, currentDevice(), address, nullptr};
  else if (pinned(pointer, 1)) *attributes = {1, currentDevice(), address, address};
  else *attributes = {0, -2, nullptr, address};
  return SUCCESS;
}
