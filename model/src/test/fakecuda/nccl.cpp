// NCCL: communicators whose ranks are threads, processes or both, and their all-reduce. What the ranks share lies in a file
// without a name, so that nothing is left behind by a process that is killed, and has no locks, which one could take along.
// A rank that doesn't come keeps the others waiting until they abort.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <climits>
#include <cstddef>
#include <cstring>
#include "number.h"
#include "stream.h"

EXPORT int cudaSetDevice(int device);

namespace fake {

namespace {

enum NcclResult { NCCL_SUCCESS = 0, CUDA_ERROR = 1, SYSTEM_ERROR = 2, INVALID_ARGUMENT = 4, INVALID_USAGE = 5, IN_PROGRESS = 7 };
enum NcclType { NCCL_FLOAT = 7, NCCL_DOUBLE = 8, NCCL_BFLOAT16 = 9 };

const int RANKS = 16;
const size_t PIECE = size_t(128) << 10;

struct Place {
  std::atomic<int> process, device;
  // What this rank reduces: number and type of elements.
  std::atomic<uint64_t> count, type;
  // How many pieces it has laid down, and how many it has summed up.
  std::atomic<uint64_t> laid, summed;
};

// All zero at first.
struct Shared {
  std::atomic<uint64_t> key;
  std::atomic<int> joined;
  Place places[RANKS];
  char pieces[RANKS][PIECE];
};

struct UniqueId {
  int process, file;
  uint64_t key, sum;
  // The others, so that a broadcast of some of the bytes only shows.
  unsigned char padding[128 - 24];

  uint64_t expectedSum() const {
    uint64_t hash = key;
    for (unsigned char byte : padding) hash = hash * 31 + byte;
    return hash;
  }
};
static_assert(sizeof(UniqueId) == 128, "as NCCL's");

// ncclConfig_t up to the field that matters here.
struct Config {
  size_t size;
  unsigned magic, version;
  int blocking;
};

struct Communicator {
  std::shared_ptr<Shared> shared;
  int rank, ranks, device;
  bool blocking;
  std::atomic<bool> aborted{false};
  std::atomic<int> state{NCCL_SUCCESS}, running{0};
  uint64_t pieces = 0;

  void await(std::atomic<uint64_t> Place::*progress, uint64_t least) {
    for (int other = 0; other < ranks; other++)
      while (shared->places[other].*progress < least && !aborted) nap();
  }
  static void nap() { std::this_thread::sleep_for(std::chrono::microseconds(20)); }
};

Handles<Communicator> &communicators() {
  static auto &all = *new Handles<Communicator>;
  return all;
}

// Files that this process has open for ranks which come: closed when all are there.
std::mutex &filesMutex = *new std::mutex;
auto &files = *new std::set<int>;

void closeFile(const UniqueId &id) {
  std::lock_guard<std::mutex> lock(filesMutex);
  if (id.process == getpid() && files.erase(id.file)) close(id.file);
}

std::shared_ptr<Shared> open(const UniqueId &id) {
  std::string path = "/proc/" + std::to_string(id.process) + "/fd/" + std::to_string(id.file);
  int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void *memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory == MAP_FAILED) return nullptr;
  std::shared_ptr<Shared> shared(static_cast<Shared *>(memory), [](Shared *memory) { munmap(memory, sizeof(Shared)); });
  return shared->key == id.key ? shared : nullptr;
}

int meet(Communicator *communicator, const UniqueId &id) {
  Shared &shared = *communicator->shared;
  shared.places[communicator->rank].process = getpid();
  shared.places[communicator->rank].device = communicator->device;
  shared.joined++;
  while (shared.joined < communicator->ranks && !communicator->aborted) Communicator::nap();
  closeFile(id);
  if (communicator->aborted) return SYSTEM_ERROR;
  for (int one = 0; one < communicator->ranks; one++)
    for (int other = 0; other < one; other++)
      if (shared.places[one].process == shared.places[other].process && shared.places[one].device == shared.places[other].device) {
        misuse(INVALID_VALUE, "ranks %d and %d have the same device", other, one);
        return INVALID_USAGE;
      }
  return NCCL_SUCCESS;
}

int join(Communicator **handle, int ranks, const UniqueId &id, int rank, bool blocking) {
  if (initialize()) return CUDA_ERROR;
  if (ranks < 1 || ranks > RANKS || rank < 0 || rank >= ranks || id.sum != id.expectedSum()) {
    misuse(INVALID_VALUE, "ncclCommInitRank of rank %d of %d", rank, ranks);
    return INVALID_ARGUMENT;
  }
  Communicator *communicator = new Communicator;
  communicator->shared = open(id);
  if (!communicator->shared) return SYSTEM_ERROR;
  communicator->rank = rank;
  communicator->ranks = ranks;
  communicator->device = currentDevice();
  communicator->blocking = blocking;
  *handle = communicators().add(communicator);
  if (blocking) return meet(communicator, id);
  communicator->state = IN_PROGRESS;
  std::thread([communicator, id] { communicator->state = meet(communicator, id); }).detach();
  return IN_PROGRESS;
}

size_t elementBytes(int type) { return type == NCCL_DOUBLE ? 8 : type == NCCL_FLOAT ? 4 : 2; }

// In the order of the ranks on each of them, so that all get the same bits.
void add(const Communicator &communicator, char *to, size_t elements, int type) {
  const auto &pieces = communicator.shared->pieces;
  int narrow = type == NCCL_FLOAT ? FLOAT32 : BFLOAT16;
  for (size_t at = 0; at < elements; at++) {
    if (type == NCCL_DOUBLE) {
      double sum = 0;
      for (int rank = 0; rank < communicator.ranks; rank++) sum += reinterpret_cast<const double *>(pieces[rank])[at];
      reinterpret_cast<double *>(to)[at] = sum;
    } else {
      float sum = 0;
      for (int rank = 0; rank < communicator.ranks; rank++) sum += load(pieces[rank], narrow, at);
      store(to, narrow, at, sum);
    }
  }
}

void allReduce(Communicator *communicator, const char *from, char *to, size_t count, int type) {
  Place &own = communicator->shared->places[communicator->rank];
  size_t total = count * elementBytes(type);
  for (size_t at = 0; at < total && !communicator->aborted; at += PIECE) {
    size_t bytes = std::min(PIECE, total - at);
    uint64_t piece = ++communicator->pieces;
    communicator->await(&Place::summed, piece - 1);
    if (communicator->aborted) return;
    memcpy(communicator->shared->pieces[communicator->rank], from + at, bytes);
    own.count = count;
    own.type = type;
    own.laid = piece;
    communicator->await(&Place::laid, piece);
    if (communicator->aborted) return;
    for (int other = 0; other < communicator->ranks; other++) {
      Place &place = communicator->shared->places[other];
      if (place.count != count || place.type != uint64_t(type)) {
        communicator->state = INVALID_USAGE;
        misuse(INVALID_VALUE, "rank %d reduces %zu elements where rank %d reduces %zu", communicator->rank, count, other,
               size_t(place.count));
        return;
      }
    }
    add(*communicator, to + at, bytes / elementBytes(type), type);
    own.summed = piece;
  }
}

int result(int error) { return error ? CUDA_ERROR : NCCL_SUCCESS; }

int invalid(const char *what) {
  misuse(INVALID_VALUE, "NCCL: %s", what);
  return INVALID_USAGE;
}

int launch(Communicator *communicator, const char *from, char *to, size_t count, int type, const void *stream) {
  size_t bytes = count * elementBytes(type);
  if (communicator->device != currentDevice()) return invalid("a call on another device than the communicator's");
  if (isDefault(stream) || capturing(stream)) return invalid("a call on the default stream, or while a stream captures");
  if (!checkDevice(from, bytes, "ncclAllReduce", "the source") || !checkDevice(to, bytes, "ncclAllReduce", "the target"))
    return INVALID_ARGUMENT;
  Work work{"ncclAllReduce", [=] {
    if (!checkDevice(from, bytes, "ncclAllReduce", "the source") || !checkDevice(to, bytes, "ncclAllReduce", "the target"))
      return int(ILLEGAL_ADDRESS);
    communicator->running++;
    allReduce(communicator, real(from), real(to), count, type);
    communicator->running--;
    return int(SUCCESS);
  }, true};
  if (communicator->blocking) return result(submit(stream, work));
  // Behind the caller's back: until that is done, nothing is on the stream.
  communicator->state = IN_PROGRESS;
  std::thread([=] {
    std::this_thread::sleep_for(std::chrono::microseconds(300));
    cudaSetDevice(communicator->device);
    communicator->state = result(submit(stream, work));
  }).detach();
  return IN_PROGRESS;
}

// Null if the handle isn't one, or mustn't be used yet.
Communicator *find(const void *handle, const char *call) {
  Communicator *communicator = communicators().find(handle);
  if (communicator && communicator->state != IN_PROGRESS) return communicator;
  misuse(INVALID_HANDLE, communicator ? "%s while the communicator is in progress" : "%s without a living communicator", call);
  return nullptr;
}

}  // namespace

}  // namespace fake

using namespace fake;

EXPORT int ncclGetVersion(int *version) { return *version = 22903, NCCL_SUCCESS; }

EXPORT const char *ncclGetErrorString(int result) {
  switch (result) {
    case NCCL_SUCCESS: return "no error";
    case CUDA_ERROR: return "unhandled cuda error (run with NCCL_DEBUG=INFO for details)";
    case SYSTEM_ERROR: return "unhandled system error (run with NCCL_DEBUG=INFO for details)";
    case INVALID_ARGUMENT: return "invalid argument (run with NCCL_DEBUG=WARN for details)";
    case INVALID_USAGE: return "invalid usage (run with NCCL_DEBUG=WARN for details)";
    case IN_PROGRESS: return "NCCL operation in progress";
    default: return "remote process exited or there was a network error";
  }
}

EXPORT const char *ncclGetLastError(const void *) { return ""; }

EXPORT int ncclGetUniqueId(UniqueId *id) {
  int file = memfd_create("fakenccl", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, sizeof(Shared))) return SYSTEM_ERROR;
  {
    std::lock_guard<std::mutex> lock(filesMutex);
    files.insert(file);
  }
  id->process = getpid();
  id->file = file;
  id->key = static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) << 8 | (file & 0xFF);
  for (size_t at = 0; at < sizeof id->padding; at++) id->padding[at] = static_cast<unsigned char>(id->key >> at % 56 ^ at * 37);
  id->sum = id->expectedSum();
  return pwrite(file, &id->key, sizeof id->key, offsetof(Shared, key)) == sizeof id->key ? NCCL_SUCCESS : SYSTEM_ERROR;
}

EXPORT int ncclCommInitRankConfig(Communicator **handle, int ranks, UniqueId id, int rank, const Config *config) {
  if (config->magic != 0xcafebeef || config->size < sizeof(Config) || (config->blocking & ~1 && config->blocking != INT_MIN))
    return invalid("a configuration that isn't initialized");
  count("ncclCommInitRankConfig");
  return join(handle, ranks, id, rank, config->blocking != 0);
}

EXPORT int ncclAllReduce(const void *from, void *to, size_t count, int type, int operation, void *handle, void *stream) {
  Communicator *communicator = find(handle, "ncclAllReduce");
  if (!communicator) return INVALID_ARGUMENT;
  if (operation != 0 || type < NCCL_FLOAT || type > NCCL_BFLOAT16) return invalid("an operation that isn't here");
  return launch(communicator, static_cast<const char *>(from), static_cast<char *>(to), count, type, stream);
}

EXPORT int ncclCommGetAsyncError(void *handle, int *error) {
  Communicator *communicator = communicators().find(handle);
  if (!communicator) return invalid("ncclCommGetAsyncError without a living communicator");
  int state = communicator->state;
  int wanted = static_cast<int>(number("NCCL_ERROR", 0));
  *error = wanted && state == NCCL_SUCCESS ? wanted : state;
  return NCCL_SUCCESS;
}

EXPORT int ncclCommFinalize(void *handle) {
  Communicator *communicator = find(handle, "ncclCommFinalize");
  if (!communicator) return INVALID_ARGUMENT;
  if (communicator->running) return invalid("ncclCommFinalize while an operation runs: this fake doesn't wait for it");
  return NCCL_SUCCESS;
}

EXPORT int ncclCommDestroy(void *handle) {
  Communicator *communicator = find(handle, "ncclCommDestroy");
  if (!communicator) return INVALID_ARGUMENT;
  if (communicator->running) return invalid("ncclCommDestroy while an operation runs");
  communicators().remove(handle);
  communicator->shared.reset();
  count("ncclCommDestroy");
  return NCCL_SUCCESS;
}

EXPORT int ncclCommAbort(void *handle) {
  Communicator *communicator = communicators().find(handle);
  if (!communicator) return invalid("ncclCommAbort without a living communicator");
  communicator->aborted = true;
  while (communicator->state == IN_PROGRESS || communicator->running) Communicator::nap();
  // What still waits on a stream finds it aborted: the memory stays mapped for it.
  communicators().remove(handle);
  count("ncclCommAbort");
  return NCCL_SUCCESS;
}
