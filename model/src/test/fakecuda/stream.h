// Streams, events, captures and graphs from the inside.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <thread>
#include "fake.h"

namespace fake {

struct Stream;

// How many nodes of each stream of a capture are known to come before: a vector clock.
using Clock = std::map<Stream *, size_t>;

struct Node {
  Work work;
  Stream *stream;
  // What must have run before, the earlier nodes of its own stream among it.
  Clock before;
};

struct Graph {
  std::vector<Node> nodes;
};

struct Capture {
  Stream *origin;
  int mode;
  std::thread::id thread;
  bool valid = true;
  Graph *graph = new Graph;
  // The state of each stream that takes part.
  std::map<Stream *, Clock> clocks;
};

// What one cudaEventRecord made: done once the device came there.
struct Mark {
  bool done = false;
  std::chrono::steady_clock::time_point when;
};

struct Event {
  int device;
  unsigned flags;
  std::shared_ptr<Mark> mark;
  // If it was recorded in a capture last.
  Capture *capture = nullptr;
  Clock clock;
};

struct Stream {
  int device;
  unsigned flags;
  int priority;
  Capture *capture = nullptr;
  // With the option ASYNC: what waits, run by a thread of the stream's own.
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Work> queue;
  bool busy = false, started = false;

  void push(Work work);
  void drain();
  bool idle();
  bool blocking() const { return !(flags & 1); }
};

Handles<Stream> &streams();
Handles<Event> &events();
std::vector<Capture *> &captures();
// Guards captures: which streams are in which, and their clocks.
std::recursive_mutex &captureLock();

// Whether operations wait in queues.
bool asynchronous();
bool isDefault(const void *stream);
void addNode(Stream *stream, Work work);
void invalidate(Capture *capture);
// Runs an operation or a node of a graph.
int perform(const Work &work);
void finishMark(const std::shared_ptr<Mark> &mark);
void awaitMark(const std::shared_ptr<Mark> &mark);

}  // namespace fake
