/** Models and images that other programs write and read. */
package io.densespark.spark.exchange;
