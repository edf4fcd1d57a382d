/**
 * The command line: what {@code spark-submit} starts. Commands read their options, run a job, and map errors to exit
 * statuses. Nobody enters but command groups in jars of their own, which share some of the options.
 */
package io.densespark.spark.cli;
