/** The command line: what {@code spark-submit} starts. Commands read their options, run a job, and map errors to exit statuses. */
package io.densespark.spark.cli;
