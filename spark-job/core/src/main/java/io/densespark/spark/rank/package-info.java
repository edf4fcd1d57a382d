/**
 * How the tasks of a barrier stage become ranks of a process group: each sets itself up, learns whether all others could,
 * and joins. Whoever wants ranks to do something (the trainer, evaluation, the benchmark of a cluster) writes a {@link
 * io.densespark.spark.rank.RankWork} and enters by {@link io.densespark.spark.rank.RankStage}, which owns outcomes, the
 * memory that replicas may take, and what travels to the executors; {@link io.densespark.spark.rank.Connections} says how
 * ranks may connect.
 */
package io.densespark.spark.rank;
