/** What people and programs are shown. */
package io.densespark.spark.metrics;
