/**
 * The bridge from Java to Spark's barrier stages: {@link io.densespark.spark.barrier.BarrierJob} runs one task per
 * rank, all at once, and tells the driver what became of each.
 *
 * <p>Only this package touches the Scala classes behind Spark's Java API, and of those only members whose binary
 * signature is the same in Scala 2.12 and 2.13: one build of it runs on Spark 3.5 and on Spark 4. The room
 * {@code rank} enters here; this package knows Spark and nothing of DenseSpark.
 */
package io.densespark.spark.barrier;
