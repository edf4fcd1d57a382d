/** Commands run in the tests' own process, for what needs no executors. */
package io.densespark.spark.cli;
