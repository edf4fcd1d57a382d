/** Damaged files of every kind that is read. */
package io.densespark.spark.fuzz;
