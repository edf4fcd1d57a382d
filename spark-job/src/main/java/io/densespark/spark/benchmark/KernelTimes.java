package io.densespark.spark.benchmark;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Kernels;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A clock around every kernel of a replica. It knows the kernels by reflection only, so that whatever passes {@link
 * Kernels} has are timed; a call costs about a microsecond more. Used by the replica's thread and its workers.
 */
final class KernelTimes {
    private record Key(String kernel, String maps, boolean parallel) {}

    private record Sum(LongAdder calls, LongAdder nanos, LongAdder bytes, LongAdder flops) {
        Sum() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    private final Thread stepping = Thread.currentThread();
    private final MapSizes sizes;
    private final Map<Key, Sum> sums = new ConcurrentHashMap<>();

    /** To be made by the thread that will step. */
    KernelTimes(StepTask task) {
        sizes = new MapSizes(task.problem(), task.threads());
    }

    /** A backend whose kernels are timed. */
    Backend around(Backend backend) {
        Kernels timed = proxy(Kernels.class, timing(backend.kernels()));
        return proxy(
                Backend.class,
                (self, method, arguments) ->
                        method.getName().equals("kernels") ? timed : invoke(backend, method, arguments));
    }

    void clear() {
        sums.clear();
    }

    List<KernelTime> read() {
        return sums.entrySet().stream()
                .map(entry -> {
                    Key key = entry.getKey();
                    Sum sum = entry.getValue();
                    return new KernelTime(
                            key.kernel(),
                            key.maps(),
                            key.parallel(),
                            sum.calls().sum(),
                            sum.nanos().sum() / 1e9,
                            sum.bytes().sum(),
                            sum.flops().sum());
                })
                .toList();
    }

    private InvocationHandler timing(Kernels kernels) {
        return (self, method, arguments) -> {
            long start = System.nanoTime();
            Object result = invoke(kernels, method, arguments);
            long nanos = System.nanoTime() - start;
            KernelWork work = KernelWork.of(arguments);
            Key key = new Key(method.getName(), sizes.of(work), Thread.currentThread() != stepping);
            Sum sum = sums.computeIfAbsent(key, k -> new Sum());
            sum.calls().increment();
            sum.nanos().add(nanos);
            sum.bytes().add(work.bytes());
            sum.flops().add(work.flops());
            return result;
        };
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
