/**
 * Real Spark processes for the integration tests: jobs handed to Spark's own {@code SparkSubmit}, standalone clusters on
 * 127.0.0.1, both from the assembled Spark home, and a real YARN. Everything started here is ended here, and nothing else
 * is. Nothing in this package but YARN needs Spark or Hadoop on the test's own class path beyond {@code spark-launcher},
 * so that the same tests run against every Spark version.
 */
package io.densespark.spark.harness;
