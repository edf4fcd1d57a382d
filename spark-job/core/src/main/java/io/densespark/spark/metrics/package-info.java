/** Figures of a run: per epoch, live progress from the ranks to the driver, results for people and programs. */
package io.densespark.spark.metrics;
