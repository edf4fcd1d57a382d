/**
 * The memory-efficient DenseNet replica, without Spark and without Hadoop.
 *
 * <p>Rooms: {@code network} (what a DenseNet is), {@code tensor} (native memory and its views), {@code plan} (plan, then
 * allocate once), {@code kernels} (the few passes that a replica is made of), {@code replica} (forward, recomputation,
 * backward), {@code optimizer}, {@code collective} (sums over replicas), {@code weights} (initialization, state
 * dictionaries, a model's own files), {@code exchange} (whole models in and out), {@code exchange.bigdl}, {@code
 * exchange.onnx}, {@code cpu} (elementwise passes in plain Java), {@code libtorch} (CPUs, by libtorch) and {@code cuda}
 * (GPUs), the two rooms that may import org.bytedeco, and {@code backend} (which of them commands a device). This package
 * itself holds only the error that all of them throw.
 */
package io.densespark.model;
