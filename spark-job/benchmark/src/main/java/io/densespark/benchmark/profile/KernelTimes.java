package io.densespark.benchmark.profile;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Program;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * A clock around every kernel of a replica. It knows the kernels by reflection only, so that whatever passes {@link
 * Kernels} has are timed; a call costs about a microsecond more. A kernel that is called while another one lends its
 * result counts for itself, not for the other. Used by the replica's thread, which is one of its workers, and by the others.
 */
public final class KernelTimes {
    private record Key(String kernel, String part) {}

    /** @param isShared set when a thread other than the replica's own has run it */
    private record Sum(LongAdder calls, LongAdder nanos, LongAdder bytes, LongAdder flops, AtomicBoolean isShared) {
        Sum() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new AtomicBoolean());
        }
    }

    /** Where one thread is. */
    private static final class Position {
        private String part = NetworkParts.STEM;

        /** Time of the kernels that the running kernel has called. */
        private long nestedNanos;
    }

    private final Thread stepping = Thread.currentThread();
    private final ThreadLocal<Position> position = ThreadLocal.withInitial(Position::new);
    private final Map<Key, Sum> sums = new ConcurrentHashMap<>();

    /** A backend whose kernels are timed, for one replica with that plan, stepped by the thread that made this. */
    public Backend around(Backend backend, MemoryPlan plan) {
        NetworkParts parts = new NetworkParts(plan);
        Kernels timed = proxy(Kernels.class, timing(backend.kernels(), parts));
        return proxy(Backend.class, (self, method, arguments) -> {
            if (method.getName().equals("kernels")) {
                return timed;
            }
            Object result = invoke(backend, method, arguments);
            if (result instanceof Storage storage) {
                parts.allocated(storage);
            }
            return result;
        });
    }

    /** Begins anew. */
    public void clear() {
        sums.clear();
    }

    /** The sums so far, in no order. */
    public List<KernelTime> read() {
        return sums.entrySet().stream()
                .map(entry -> {
                    Key key = entry.getKey();
                    Sum sum = entry.getValue();
                    return new KernelTime(
                            key.kernel(),
                            key.part(),
                            sum.isShared().get(),
                            sum.calls().sum(),
                            sum.nanos().sum() / 1e9,
                            sum.bytes().sum(),
                            sum.flops().sum());
                })
                .toList();
    }

    private InvocationHandler timing(Kernels kernels, NetworkParts parts) {
        return (self, method, arguments) -> {
            // Without operands it is no kernel.
            if (method.getParameterCount() == 0 || method.getReturnType() == Program.class) {
                return invoke(kernels, method, arguments);
            }
            Position here = position.get();
            here.part = parts.of(arguments, here.part);
            boolean hasPart = Arrays.stream(arguments).anyMatch(Matrix.class::isInstance);
            Key key = new Key(method.getName(), hasPart ? here.part : KernelTime.NO_PART);
            long outerNanos = here.nestedNanos;
            here.nestedNanos = 0;
            long start = System.nanoTime();
            Object result = invoke(kernels, method, arguments);
            long nanos = System.nanoTime() - start;
            add(key, nanos - here.nestedNanos, KernelWork.of(arguments));
            here.nestedNanos = outerNanos + nanos;
            return result;
        };
    }

    private void add(Key key, long nanos, KernelWork work) {
        Sum sum = sums.computeIfAbsent(key, k -> new Sum());
        sum.calls().increment();
        sum.nanos().add(nanos);
        sum.bytes().add(work.bytes());
        sum.flops().add(work.flops());
        if (Thread.currentThread() != stepping) {
            sum.isShared().set(true);
        }
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
