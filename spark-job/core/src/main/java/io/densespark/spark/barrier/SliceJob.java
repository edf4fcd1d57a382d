package io.densespark.spark.barrier;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Runs a task on each slice of some work, in an ordinary stage: in any order, as executors have room for them. */
public final class SliceJob {
    private SliceJob() {}

    /**
     * Runs {@code task} on the slices 0 to {@code slices} - 1 and waits for them. Results travel by Java serialization,
     * whatever {@code spark.serializer} is.
     *
     * @return the results in the order of the slices
     */
    public static <R> List<R> run(JavaSparkContext sc, int slices, SliceTask<R> task) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        List<Integer> numbers = IntStream.range(0, slices).boxed().toList();
        List<byte[]> results = sc.parallelize(numbers, slices)
                .map(slice -> JavaBytes.of(task.call(slice)))
                .collect();
        List<R> values = new ArrayList<>();
        results.forEach(bytes -> values.add(JavaBytes.<R>read(bytes, loader)));
        return values;
    }
}
