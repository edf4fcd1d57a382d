// Options, counts, and complaints.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "fake.h"

namespace fake {

// Never destroyed: threads of streams may still run when the process ends.
static std::mutex &mutex = *new std::mutex;
static auto &options = *new std::map<std::string, std::string>;
static auto &counts = *new std::map<std::string, long long>;

std::string option(const char *name, const char *otherwise) {
  std::lock_guard<std::mutex> lock(mutex);
  auto set = options.find(name);
  if (set != options.end()) return set->second;
  const char *environment = getenv((std::string("FAKECUDA_") + name).c_str());
  return environment ? environment : otherwise;
}

long long number(const char *name, long long otherwise) {
  std::string text = option(name, "");
  return text.empty() ? otherwise : atoll(text.c_str());
}

void count(const std::string &name, long long by) {
  std::lock_guard<std::mutex> lock(mutex);
  counts[name] += by;
}

void gauge(const std::string &name, long long value) {
  std::lock_guard<std::mutex> lock(mutex);
  counts[name] = value;
}

void highest(const std::string &name, long long value) {
  std::lock_guard<std::mutex> lock(mutex);
  counts[name] = std::max<long long>(counts[name], value);
}

static std::string allCounts() {
  std::lock_guard<std::mutex> lock(mutex);
  std::string text;
  for (auto &entry : counts) text += entry.first + " " + std::to_string(entry.second) + "\n";
  return text;
}

void writeCounts() {
  std::string file = option("COUNTS", "");
  if (file.empty()) return;
  if (FILE *out = fopen(file.c_str(), "w")) {
    fputs(allCounts().c_str(), out);
    fclose(out);
  }
}

int misuse(int error, const char *format, ...) {
  char text[1000];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(stderr, "fakecuda: %s (%d, %s)\n", text, error, errorName(error));
  count("misuse");
  return error;
}

uint64_t disorder() {
  static std::mutex &own = *new std::mutex;
  static uint64_t state = 0;
  uint64_t seed = number("SEED", 1);
  if (seed == 0) return 0;
  std::lock_guard<std::mutex> lock(own);
  if (state == 0) state = seed * 0x9E3779B97F4A7C15u | 1;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

}  // namespace fake

using namespace fake;

// The test class calls these by JNI with addresses of C strings, so that no header of a JDK is needed.

EXPORT void Java_io_densespark_model_cuda_FakeCuda_setOption(void *, void *, int64_t name, int64_t value) {
  std::lock_guard<std::mutex> lock(mutex);
  options[reinterpret_cast<const char *>(name)] = reinterpret_cast<const char *>(value);
}

// Writes as much of "name count" lines as there is room for, and returns the bytes that all need.
EXPORT int64_t Java_io_densespark_model_cuda_FakeCuda_readCounts(void *, void *, int64_t to, int64_t room) {
  std::string text = allCounts();
  if (room > 0) {
    size_t bytes = std::min<size_t>(text.size(), room - 1);
    memcpy(reinterpret_cast<char *>(to), text.data(), bytes);
    reinterpret_cast<char *>(to)[bytes] = 0;
  }
  return text.size() + 1;
}

// What a process can't do on a device: goes on after an operation has failed. For tests of failures.
EXPORT void Java_io_densespark_model_cuda_FakeCuda_recover(void *, void *) { fake::recover(); }

// Forgets all counts but that of the memory in use, which is the peak from then on.
EXPORT void Java_io_densespark_model_cuda_FakeCuda_clearCounts(void *, void *) {
  std::lock_guard<std::mutex> lock(mutex);
  for (auto entry = counts.begin(); entry != counts.end();)
    entry = entry->first == "memory.now" ? std::next(entry) : counts.erase(entry);
  counts["memory.peak"] = counts["memory.now"];
}
