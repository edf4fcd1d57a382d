/**
 * How the tasks of a barrier stage become ranks of a process group: each sets itself up, learns whether all others could,
 * and joins. Whoever submits such a stage (the trainer, the benchmark of a cluster) writes a {@link
 * io.densespark.spark.rank.RankWork} and enters by {@link io.densespark.spark.rank.RankStart}.
 */
package io.densespark.spark.rank;
