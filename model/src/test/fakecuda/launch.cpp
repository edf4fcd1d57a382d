// Runs a kernel: block after block, the threads of a block one after the other. Threads run on fibers: one fiber runs
// thread after thread until one comes to __syncthreads(); that thread stays there with its fiber, and another fiber goes
// on with the threads that are left. So kernels without barriers cost a call a thread, and nothing has to be known of them.
#include <sys/mman.h>
#include "fake.h"
#if !defined(__x86_64__)
#include <ucontext.h>
#endif
#include "device.h"

// Where the kernels' shared arrays lie, if the linker was told to say so.
extern "C" __attribute__((weak, visibility("hidden"))) char fakecuda_shared[], fakecuda_shared_end[];

dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace fake {

std::map<std::string, Kernel> &kernels() {
  static auto &all = *new std::map<std::string, Kernel>;
  return all;
}

namespace {

#if defined(__x86_64__)
// glibc's swapcontext makes a system call each time; all that a switch needs is the registers that a call keeps.
asm(R"(
  .text
  .hidden fakecuda_switch
  .globl fakecuda_switch
  .type fakecuda_switch, @function
fakecuda_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size fakecuda_switch, . - fakecuda_switch
)");
extern "C" void fakecuda_switch(void **from, void *to);

struct Context {
  void *stack = nullptr;
  void enter(void (*function)(), char *bottom, size_t bytes) {
    void **top = reinterpret_cast<void **>(bottom + bytes);
    // As a call leaves it: the stack is off a multiple of 16 by one word when the function begins.
    *--top = nullptr;
    *--top = reinterpret_cast<void *>(function);
    for (int i = 0; i < 6; i++) *--top = nullptr;
    stack = top;
  }
  static void change(Context &from, Context &to) { fakecuda_switch(&from.stack, to.stack); }
};
#else
struct Context {
  ucontext_t context;
  void enter(void (*function)(), char *bottom, size_t bytes) {
    getcontext(&context);
    context.uc_stack.ss_sp = bottom;
    context.uc_stack.ss_size = bytes;
    context.uc_link = nullptr;
    makecontext(&context, function, 0);
  }
  static void change(Context &from, Context &to) { swapcontext(&from.context, &to.context); }
};
#endif

const unsigned POISONED_BLOCKS = 3;
const size_t STACK = 256 << 10, GUARD = 64 << 10;

struct Fiber {
  Context context;
  // Where its thread waits, 0 if it runs no thread.
  int line = 0;
  dim3 thread;
};

// The block that runs now: operations of the fake run one at a time.
Context scheduler;
Fiber *running;
const std::function<void()> *body;
unsigned next, threads, first, step;
// Never destroyed: streams may still run kernels while the process ends.
auto &idle = *new std::vector<Fiber *>;

// The threads in order or in reverse, so that what one leaves for another without a barrier is missed.
bool takeThread() {
  if (next == threads) return false;
  unsigned number = first + step * next++;
  threadIdx = {number % blockDim.x, number / blockDim.x % blockDim.y, number / blockDim.x / blockDim.y};
  return true;
}

void loop() {
  for (;;) {
    Fiber *self = running;
    while (takeThread()) {
      (*body)();
      self->line = 0;
    }
    Context::change(self->context, scheduler);
  }
}

void resume(Fiber *fiber) {
  running = fiber;
  Context::change(scheduler, fiber->context);
}

Fiber *idleFiber() {
  if (idle.empty()) {
    char *memory = static_cast<char *>(mmap(nullptr, GUARD + STACK, PROT_READ | PROT_WRITE,
                                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    mprotect(memory, GUARD, PROT_NONE);
    Fiber *fiber = new Fiber;
    fiber->context.enter(loop, memory + GUARD, STACK);
    idle.push_back(fiber);
  }
  Fiber *fiber = idle.back();
  idle.pop_back();
  return fiber;
}

int runBlock(const Kernel &kernel, bool backwards) {
  next = 0;
  first = backwards ? threads - 1 : 0;
  step = backwards ? -1 : 1;
  std::vector<Fiber *> waiting, still;
  while (next < threads) {
    Fiber *fiber = idleFiber();
    resume(fiber);
    (fiber->line ? waiting : idle).push_back(fiber);
  }
  int error = SUCCESS;
  size_t before = threads;
  while (!waiting.empty()) {
    for (Fiber *fiber : waiting)
      if (fiber->line != waiting[0]->line && !error)
        error = misuse(LAUNCH_FAILURE, "%s: threads of a block wait in lines %d and %d", kernel.name.c_str(), waiting[0]->line, fiber->line);
    if (waiting.size() != before && !error)
      error = misuse(LAUNCH_FAILURE, "%s: %zu threads of a block have ended, %zu wait in line %d", kernel.name.c_str(),
                     before - waiting.size(), waiting.size(), waiting[0]->line);
    before = waiting.size();
    still.clear();
    for (size_t i = waiting.size(); i-- > 0;) {
      threadIdx = waiting[i]->thread;
      resume(waiting[i]);
      (waiting[i]->line ? still : idle).push_back(waiting[i]);
    }
    waiting.swap(still);
  }
  return error;
}

// A block may find anything in its shared memory: NaN for the first few of a launch, what others left for the rest.
void poisonShared() {
  if (fakecuda_shared) memset(fakecuda_shared, 0xFF, fakecuda_shared_end - fakecuda_shared);
}

unsigned long long divisor(unsigned long long a, unsigned long long b) { return b == 0 ? a : divisor(b, a % b); }

}  // namespace

void barrier(int line) {
  Fiber *self = running;
  self->line = line;
  self->thread = threadIdx;
  Context::change(self->context, scheduler);
}

int runKernel(const Kernel &kernel, Size grid, Size block, const std::function<void()> &function) {
  gridDim = {grid.x, grid.y, grid.z};
  blockDim = {block.x, block.y, block.z};
  threads = block.x * block.y * block.z;
  body = &function;
  // The blocks in some order, each once: a device promises none.
  unsigned long long blocks = 1ull * grid.x * grid.y * grid.z, start = disorder() % blocks, stride = disorder() % blocks;
  while (divisor(stride, blocks) != 1) stride++;
  bool ordered = number("SEED", 1) == 0, poison = number("POISON", 1) != 0;
  for (unsigned long long i = 0; i < blocks; i++) {
    unsigned long long index = ordered ? i : static_cast<unsigned long long>((start + static_cast<unsigned __int128>(stride) * i) % blocks);
    if (poison && i < POISONED_BLOCKS) poisonShared();
    blockIdx = {static_cast<unsigned>(index % grid.x), static_cast<unsigned>(index / grid.x % grid.y),
                static_cast<unsigned>(index / grid.x / grid.y)};
    if (int error = runBlock(kernel, !ordered && (index & 1))) return error;
  }
  return SUCCESS;
}

}  // namespace fake
