/**
 * What a cluster gives: training steps on synthetic images with different numbers of replicas, where the time of a step
 * goes, how fast gradients are summed, and which rank is the slowest. {@link
 * io.densespark.benchmark.cluster.ClusterBenchmark} is the driver's side and the only entrance, for the command line.
 *
 * <p>Ranks start and join as those of a training run do, and take the same steps with the same parts: batch loader, replica,
 * process group and optimizer.
 */
package io.densespark.benchmark.cluster;
