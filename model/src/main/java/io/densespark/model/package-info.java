/**
 * The memory-efficient DenseNet replica, without Spark and without Hadoop.
 *
 * <p>Rooms: {@code spec} (what a network is), {@code memory} (plan, then allocate once), {@code kernels} (the few passes
 * that a replica is made of), {@code replica} (forward, recomputation, backward), {@code optimizer}, {@code collective}
 * (sums over replicas), {@code weights} (in and out), {@code cpu} (elementwise passes in plain Java), {@code libtorch}
 * (the one room that may import {@code org.bytedeco}). This package itself holds only the error that all of them throw.
 */
package io.densespark.model;
