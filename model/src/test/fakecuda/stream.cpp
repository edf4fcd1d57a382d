// Streams. Without the option ASYNC an operation runs inside of the call that asks for it, unless it waits for other
// processes or stands behind one that does; with it each stream has a thread which starts operations late, by up to
// DELAY_US microseconds, so that a missing wait shows.
#include "stream.h"
#include <algorithm>
#include <cstdio>

namespace fake {

namespace {
std::mutex &device = *new std::mutex;

void late() {
  long long most = asynchronous() ? number("DELAY_US", 200) : 0;
  if (most > 0) std::this_thread::sleep_for(std::chrono::microseconds(disorder() % most));
}
}  // namespace

Handles<Stream> &streams() {
  static auto &all = *new Handles<Stream>;
  return all;
}

bool asynchronous() { return number("ASYNC", 0) != 0; }

int execute(const Work &work) {
  // Kernels have one set of built-in variables and shared arrays.
  std::unique_lock<std::mutex> lock(device, std::defer_lock);
  if (!work.waits) lock.lock();
  int error = perform(work);
  if (error) fail(error);
  return error;
}

int perform(const Work &work) {
  if (number("TRACE", 0)) fprintf(stderr, "fakecuda: %s\n", work.name.c_str());
  if (option("FAIL", "") == work.name) return misuse(LAUNCH_FAILURE, "%s fails as the option FAIL wants it", work.name.c_str());
  int error = work.run();
  if (!error) count(work.name);
  return error;
}

void Stream::push(Work work) {
  std::lock_guard<std::mutex> lock(mutex);
  queue.push_back(std::move(work));
  if (!started) {
    started = true;
    std::thread([this] {
      std::unique_lock<std::mutex> lock(this->mutex);
      for (;;) {
        changed.wait(lock, [this] { return !queue.empty(); });
        Work next = std::move(queue.front());
        queue.pop_front();
        busy = true;
        lock.unlock();
        late();
        // Waits for events hold nothing, everything else runs as an operation of the device.
        if (next.name.empty()) next.run();
        else if (!sticky()) execute(next);
        lock.lock();
        busy = false;
        changed.notify_all();
      }
    }).detach();
  }
  changed.notify_all();
}

void Stream::drain() {
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [this] { return queue.empty() && !busy; });
}

bool Stream::idle() {
  std::lock_guard<std::mutex> lock(mutex);
  return queue.empty() && !busy;
}

// The legacy default stream by its two names. (The default stream of a thread, 2, isn't here.)
bool isDefault(const void *stream) { return stream == nullptr || stream == reinterpret_cast<const void *>(1); }

int checkStream(const void *handle) {
  if (isDefault(handle)) return SUCCESS;
  Stream *stream = streams().find(handle);
  if (!stream) return misuse(INVALID_HANDLE, "%p is no living stream", handle);
  if (stream->device != currentDevice())
    return misuse(INVALID_HANDLE, "a stream of device %d is used while device %d is current", stream->device, currentDevice());
  return SUCCESS;
}

bool capturing(const void *handle) {
  std::lock_guard<std::recursive_mutex> lock(captureLock());
  Stream *stream = isDefault(handle) ? nullptr : streams().find(handle);
  return stream && stream->capture;
}

// Work for the default stream is kept apart from that of all blocking streams.
static int runOnDefault(const Work &work) {
  {
    std::lock_guard<std::recursive_mutex> lock(captureLock());
    for (Capture *capture : captures())
      if (capture->origin->blocking() && capture->origin->device == currentDevice()) {
        invalidate(capture);
        return misuse(CAPTURE_IMPLICIT, "%s on the default stream while a blocking stream captures", work.name.c_str());
      }
  }
  for (Stream *stream : streams().all())
    if (stream->blocking() && stream->device == currentDevice()) stream->drain();
  return work.name.empty() ? work.run() : execute(work);
}

int submit(const void *handle, Work work) {
  if (int error = checkStream(handle)) return error;
  if (int error = sticky()) return error;
  if (isDefault(handle)) {
    count("direct");
    return runOnDefault(work);
  }
  Stream *stream = streams().find(handle);
  {
    std::lock_guard<std::recursive_mutex> lock(captureLock());
    if (stream->capture) {
      if (!stream->capture->valid) return CAPTURE_INVALIDATED;
      addNode(stream, std::move(work));
      return SUCCESS;
    }
  }
  if (!work.name.empty()) count("direct");
  if (asynchronous() || work.waits || !stream->idle()) {
    stream->push(std::move(work));
    return SUCCESS;
  }
  return work.name.empty() ? work.run() : execute(work);
}

int await(const void *handle) {
  if (isDefault(handle)) {
    for (Stream *stream : streams().all())
      if (stream->blocking() && stream->device == currentDevice()) stream->drain();
  } else {
    streams().find(handle)->drain();
  }
  return sticky();
}

int awaitAll() {
  for (Stream *stream : streams().all())
    if (stream->device == currentDevice()) stream->drain();
  return sticky();
}

static int create(void **handle, unsigned flags, int priority) {
  if (int error = initialize()) return error;
  if (!handle || flags > 1) return misuse(INVALID_VALUE, "cudaStreamCreate with flags %u", flags);
  Stream *stream = new Stream;
  stream->device = currentDevice();
  stream->flags = flags;
  stream->priority = priority;
  *handle = streams().add(stream);
  return SUCCESS;
}

}  // namespace fake

using namespace fake;

EXPORT int cudaStreamCreate(void **stream) { return report(create(stream, 0, 0)); }
EXPORT int cudaStreamCreateWithFlags(void **stream, unsigned flags) { return report(create(stream, flags, 0)); }
EXPORT int cudaStreamCreateWithPriority(void **stream, unsigned flags, int priority) {
  return report(create(stream, flags, priority));
}

EXPORT int cudaDeviceGetStreamPriorityRange(int *least, int *greatest) {
  if (least) *least = 0;
  if (greatest) *greatest = -5;
  return report(initialize());
}

EXPORT int cudaStreamDestroy(void *handle) {
  if (int error = checkStream(handle)) return report(error);
  if (isDefault(handle)) return report(misuse(INVALID_HANDLE, "cudaStreamDestroy of the default stream"));
  Stream *stream = streams().find(handle);
  stream->drain();
  {
    std::lock_guard<std::recursive_mutex> lock(captureLock());
    if (stream->capture) invalidate(stream->capture);
  }
  streams().remove(handle);
  return SUCCESS;
}

EXPORT int cudaStreamSynchronize(void *handle) {
  if (int error = initialize()) return report(error);
  if (int error = checkStream(handle)) return report(error);
  if (capturing(handle)) {
    std::lock_guard<std::recursive_mutex> lock(captureLock());
    invalidate(streams().find(handle)->capture);
    return report(misuse(CAPTURE_UNSUPPORTED, "cudaStreamSynchronize of a capturing stream"));
  }
  count("streamSynchronize");
  return report(await(handle));
}

EXPORT int cudaStreamQuery(void *handle) {
  if (int error = checkStream(handle)) return report(error);
  if (capturing(handle)) return report(CAPTURE_UNSUPPORTED);
  if (int error = sticky()) return report(error);
  return isDefault(handle) || streams().find(handle)->idle() ? SUCCESS : NOT_READY;
}

EXPORT int cudaDeviceSynchronize() {
  if (int error = initialize()) return report(error);
  {
    std::lock_guard<std::recursive_mutex> lock(captureLock());
    for (Capture *capture : captures()) {
      invalidate(capture);
      return report(misuse(CAPTURE_UNSUPPORTED, "cudaDeviceSynchronize while a stream captures"));
    }
  }
  count("deviceSynchronize");
  int error = awaitAll();
  writeCounts();
  return report(error);
}
