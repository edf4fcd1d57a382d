// Events: what was recorded, who waits, and how captures are joined by them.
#include "stream.h"
#include <algorithm>

namespace fake {

static std::mutex &markMutex = *new std::mutex;
static std::condition_variable &markChanged = *new std::condition_variable;

Handles<Event> &events() {
  static auto &all = *new Handles<Event>;
  return all;
}

void finishMark(const std::shared_ptr<Mark> &mark) {
  std::lock_guard<std::mutex> lock(markMutex);
  mark->done = true;
  mark->when = std::chrono::steady_clock::now();
  markChanged.notify_all();
}

void awaitMark(const std::shared_ptr<Mark> &mark) {
  std::unique_lock<std::mutex> lock(markMutex);
  markChanged.wait(lock, [&] { return mark->done; });
}

static bool isDone(const std::shared_ptr<Mark> &mark) {
  std::lock_guard<std::mutex> lock(markMutex);
  return mark->done;
}

}  // namespace fake

using namespace fake;

const unsigned DISABLE_TIMING = 2, EXTERNAL = 1;

EXPORT int cudaEventCreateWithFlags(void **handle, unsigned flags) {
  if (int error = initialize()) return report(error);
  Event *event = new Event;
  event->device = currentDevice();
  event->flags = flags;
  *handle = events().add(event);
  return SUCCESS;
}

EXPORT int cudaEventCreate(void **handle) { return cudaEventCreateWithFlags(handle, 0); }

EXPORT int cudaEventDestroy(void *handle) {
  return events().remove(handle) ? SUCCESS : report(misuse(INVALID_HANDLE, "cudaEventDestroy of %p, no living event", handle));
}

EXPORT int cudaEventRecordWithFlags(void *handle, void *streamHandle, unsigned flags) {
  if (int error = initialize()) return report(error);
  Event *event = events().find(handle);
  if (!event) return report(misuse(INVALID_HANDLE, "cudaEventRecord of %p, no living event", handle));
  if (int error = checkStream(streamHandle)) return report(error);
  if (event->device != currentDevice()) return report(misuse(INVALID_HANDLE, "an event of device %d is recorded on device %d", event->device, currentDevice()));
  if (capturing(streamHandle) && !(flags & EXTERNAL)) {
    std::lock_guard<std::recursive_mutex> lock(captureLock());
    Stream *stream = streams().find(streamHandle);
    event->capture = stream->capture;
    event->clock = stream->capture->clocks[stream];
    return SUCCESS;
  }
  count("eventRecord");
  if (capturing(streamHandle))
    return report(submit(streamHandle, {"event", [event] {
      auto mark = std::make_shared<Mark>();
      event->mark = mark;
      finishMark(mark);
      return SUCCESS;
    }}));
  auto mark = std::make_shared<Mark>();
  int error = submit(streamHandle, {"", [mark] {
    finishMark(mark);
    return SUCCESS;
  }});
  if (error) return report(error);
  event->capture = nullptr;
  event->mark = mark;
  return SUCCESS;
}

EXPORT int cudaEventRecord(void *event, void *stream) { return cudaEventRecordWithFlags(event, stream, 0); }

EXPORT int cudaStreamWaitEvent(void *streamHandle, void *handle, unsigned) {
  if (int error = initialize()) return report(error);
  Event *event = events().find(handle);
  if (!event) return report(misuse(INVALID_HANDLE, "cudaStreamWaitEvent for %p, no living event", handle));
  // The stream may be one of another device than the current one, as may the event.
  Stream *stream = isDefault(streamHandle) ? nullptr : streams().find(streamHandle);
  if (!stream && !isDefault(streamHandle)) return report(misuse(INVALID_HANDLE, "%p is no living stream", streamHandle));
  std::shared_ptr<Mark> mark;
  {
    std::lock_guard<std::recursive_mutex> lock(captureLock());
    if (event->capture) {
      Capture *capture = event->capture;
      if (std::find(captures().begin(), captures().end(), capture) == captures().end())
        return report(misuse(INVALID_VALUE, "cudaStreamWaitEvent for an event of a capture that has ended"));
      if (!stream) return report(misuse(CAPTURE_IMPLICIT, "the default stream can't wait for a captured event"));
      if (stream->capture && stream->capture != capture) {
        invalidate(capture);
        invalidate(stream->capture);
        return report(misuse(CAPTURE_MERGE, "a stream waits for an event of another capture"));
      }
      if (!stream->capture && !stream->idle()) stream->drain();
      stream->capture = capture;
      Clock &clock = capture->clocks[stream];
      for (auto &entry : event->clock) clock[entry.first] = std::max(clock[entry.first], entry.second);
      return SUCCESS;
    }
    if (stream && stream->capture) {
      // Work outside of the graph can't be waited for inside of it, unless it is of the flag "external".
      invalidate(stream->capture);
      return report(misuse(CAPTURE_ISOLATION, "a capturing stream waits for an event from outside of the capture"));
    }
    mark = event->mark;
  }
  if (!mark) return SUCCESS;
  count("waitEvent");
  if (!stream) {
    awaitMark(mark);
    return report(sticky());
  }
  Work wait{"", [mark] {
    awaitMark(mark);
    return SUCCESS;
  }};
  if (asynchronous() || !isDone(mark)) stream->push(std::move(wait));
  return report(sticky());
}

// 0 if the event can be looked at.
static int look(void *handle, Event **event) {
  *event = events().find(handle);
  if (!*event) return misuse(INVALID_HANDLE, "%p is no living event", handle);
  if ((*event)->capture) return misuse(CAPTURED_EVENT, "an event that was recorded in a capture is asked for");
  return SUCCESS;
}

EXPORT int cudaEventSynchronize(void *handle) {
  Event *event;
  if (int error = look(handle, &event)) return report(error);
  count("eventSynchronize");
  if (event->mark) awaitMark(event->mark);
  return report(sticky());
}

EXPORT int cudaEventQuery(void *handle) {
  Event *event;
  if (int error = look(handle, &event)) return report(error);
  if (int error = sticky()) return report(error);
  return !event->mark || isDone(event->mark) ? SUCCESS : NOT_READY;
}

EXPORT int cudaEventElapsedTime(float *milliseconds, void *start, void *end) {
  Event *from, *to;
  if (int error = look(start, &from)) return report(error);
  if (int error = look(end, &to)) return report(error);
  if ((from->flags | to->flags) & DISABLE_TIMING) return report(misuse(INVALID_HANDLE, "cudaEventElapsedTime of events without timing"));
  if (!from->mark || !to->mark) return report(misuse(INVALID_HANDLE, "cudaEventElapsedTime of an event that was never recorded"));
  if (!isDone(from->mark) || !isDone(to->mark)) return NOT_READY;
  *milliseconds = std::chrono::duration<float, std::milli>(to->mark->when - from->mark->when).count();
  return SUCCESS;
}
