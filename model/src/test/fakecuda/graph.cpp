// Captures and graphs. The nodes of a graph run one after the other in an order that its dependencies allow, by chance
// among those: a missing event between two streams of a capture gives other results.
#include <algorithm>
#include "stream.h"

namespace fake {

std::recursive_mutex &captureLock() {
  static auto &lock = *new std::recursive_mutex;
  return lock;
}

std::vector<Capture *> &captures() {
  static auto &all = *new std::vector<Capture *>;
  return all;
}

static Handles<Graph> &graphs() {
  static auto &all = *new Handles<Graph>;
  return all;
}

struct Executable {
  int device;
  Graph graph;
};

static Handles<Executable> &executables() {
  static auto &all = *new Handles<Executable>;
  return all;
}

void addNode(Stream *stream, Work work) {
  Clock &clock = stream->capture->clocks[stream];
  stream->capture->graph->nodes.push_back({std::move(work), stream, clock});
  clock[stream]++;
}

void invalidate(Capture *capture) { capture->valid = false; }

int forbiddenInCapture(const char *call) {
  std::lock_guard<std::recursive_mutex> lock(captureLock());
  for (Capture *capture : captures()) {
    // Mode 0 forbids it to every thread, 1 to the one that captures, 2 to none.
    if (capture->mode == 2 || (capture->mode == 1 && capture->thread != std::this_thread::get_id())) continue;
    invalidate(capture);
    return misuse(CAPTURE_UNSUPPORTED, "%s while a stream captures", call);
  }
  return SUCCESS;
}

static int replay(const Graph &graph) {
  // The nodes of each stream in order, and how many of them have run.
  std::map<Stream *, std::vector<const Node *>> lanes;
  for (const Node &node : graph.nodes) lanes[node.stream].push_back(&node);
  Clock done;
  for (size_t left = graph.nodes.size(); left > 0; left--) {
    std::vector<const Node *> ready;
    for (auto &lane : lanes) {
      if (done[lane.first] == lane.second.size()) continue;
      const Node *next = lane.second[done[lane.first]];
      if (std::all_of(next->before.begin(), next->before.end(), [&](auto &entry) { return done[entry.first] >= entry.second; }))
        ready.push_back(next);
    }
    const Node *node = ready[disorder() % ready.size()];
    if (int error = perform(node->work)) return error;
    done[node->stream]++;
  }
  return SUCCESS;
}

}  // namespace fake

using namespace fake;

EXPORT int cudaStreamBeginCapture(void *handle, int mode) {
  if (int error = initialize()) return report(error);
  if (int error = checkStream(handle)) return report(error);
  if (isDefault(handle)) return report(misuse(CAPTURE_UNSUPPORTED, "the default stream can't capture"));
  std::lock_guard<std::recursive_mutex> lock(captureLock());
  Stream *stream = streams().find(handle);
  if (stream->capture) return report(misuse(INVALID_VALUE, "cudaStreamBeginCapture of a stream that captures already"));
  if (mode < 0 || mode > 2) return report(misuse(INVALID_VALUE, "cudaStreamBeginCapture with mode %d", mode));
  Capture *capture = new Capture;
  capture->origin = stream;
  capture->mode = mode;
  capture->thread = std::this_thread::get_id();
  capture->clocks[stream];
  stream->capture = capture;
  captures().push_back(capture);
  return SUCCESS;
}

EXPORT int cudaStreamEndCapture(void *handle, void **graph) {
  if (int error = checkStream(handle)) return report(error);
  std::lock_guard<std::recursive_mutex> lock(captureLock());
  Stream *stream = isDefault(handle) ? nullptr : streams().find(handle);
  if (!stream || !stream->capture) return report(misuse(INVALID_VALUE, "cudaStreamEndCapture of a stream that doesn't capture"));
  Capture *capture = stream->capture;
  if (graph) *graph = nullptr;
  if (capture->origin != stream) {
    invalidate(capture);
    return report(misuse(CAPTURE_UNMATCHED, "cudaStreamEndCapture of another stream than the one that began"));
  }
  if (capture->mode != 2 && capture->thread != std::this_thread::get_id())
    return report(misuse(CAPTURE_WRONG_THREAD, "cudaStreamEndCapture by another thread than the one that began"));
  int error = capture->valid ? SUCCESS : CAPTURE_INVALIDATED;
  Clock &joined = capture->clocks[stream];
  for (auto &entry : capture->clocks) {
    entry.first->capture = nullptr;
    if (!error && joined[entry.first] < entry.second[entry.first])
      error = misuse(CAPTURE_UNJOINED, "a stream of the capture wasn't joined to the one that began");
  }
  captures().erase(std::find(captures().begin(), captures().end(), capture));
  if (!error && graph) *graph = graphs().add(capture->graph);
  return report(error);
}

EXPORT int cudaStreamIsCapturing(void *handle, int *status) {
  if (int error = checkStream(handle)) return report(error);
  std::lock_guard<std::recursive_mutex> lock(captureLock());
  Stream *stream = isDefault(handle) ? nullptr : streams().find(handle);
  *status = !stream || !stream->capture ? 0 : stream->capture->valid ? 1 : 2;
  return SUCCESS;
}

// The first two results only; whoever wants more gets none.
EXPORT int cudaStreamGetCaptureInfo(void *handle, int *status, unsigned long long *id, void **graph, const void **, const void **,
                                    size_t *dependencies) {
  if (int error = cudaStreamIsCapturing(handle, status)) return error;
  std::lock_guard<std::recursive_mutex> lock(captureLock());
  if (id) *id = *status ? reinterpret_cast<uintptr_t>(streams().find(handle)->capture) : 0;
  if (graph) *graph = nullptr;
  if (dependencies) *dependencies = 0;
  return SUCCESS;
}

EXPORT int cudaThreadExchangeStreamCaptureMode(int *mode) {
  // No call is let through on account of it: the fake forbids by the mode of the capture.
  static thread_local int own = 0;
  std::swap(own, *mode);
  return SUCCESS;
}

EXPORT int cudaGraphGetNodes(void *handle, void **nodes, size_t *size) {
  Graph *graph = graphs().find(handle);
  if (!graph) return report(misuse(INVALID_VALUE, "%p is no living graph", handle));
  size_t room = nodes ? *size : 0;
  for (size_t i = 0; i < room; i++) nodes[i] = i < graph->nodes.size() ? &graph->nodes[i] : nullptr;
  if (!nodes || room > graph->nodes.size()) *size = graph->nodes.size();
  return SUCCESS;
}

EXPORT int cudaGraphInstantiateWithFlags(void **executable, void *handle, unsigned long long) {
  if (int error = initialize()) return report(error);
  Graph *graph = graphs().find(handle);
  if (!graph || !executable) return report(misuse(INVALID_VALUE, "cudaGraphInstantiate of %p, no living graph", handle));
  *executable = executables().add(new Executable{currentDevice(), *graph});
  count("graphInstantiate");
  return SUCCESS;
}

EXPORT int cudaGraphInstantiate(void **executable, void *graph, unsigned long long flags) {
  return cudaGraphInstantiateWithFlags(executable, graph, flags);
}

EXPORT int cudaGraphUpload(void *handle, void *stream) {
  if (!executables().find(handle)) return report(misuse(INVALID_VALUE, "cudaGraphUpload of %p, no living graph", handle));
  return report(checkStream(stream));
}

EXPORT int cudaGraphLaunch(void *handle, void *stream) {
  if (int error = initialize()) return report(error);
  Executable *executable = executables().find(handle);
  if (!executable) return report(misuse(INVALID_VALUE, "cudaGraphLaunch of %p, no living graph", handle));
  if (capturing(stream)) return report(misuse(NOT_SUPPORTED, "the fake has no graphs inside of graphs"));
  count("graph.nodes", executable->graph.nodes.size());
  return report(submit(stream, {"graph.launches", [executable] { return replay(executable->graph); }}));
}

EXPORT int cudaGraphDestroy(void *handle) {
  Graph *graph = graphs().find(handle);
  if (!graph || !graphs().remove(handle)) return report(misuse(INVALID_VALUE, "cudaGraphDestroy of %p, no living graph", handle));
  graph->nodes.clear();
  return SUCCESS;
}

EXPORT int cudaGraphExecDestroy(void *handle) {
  // A launch that still waits keeps it: the object itself is never deleted.
  if (!executables().remove(handle)) return report(misuse(INVALID_VALUE, "cudaGraphExecDestroy of %p, no living graph", handle));
  return SUCCESS;
}
