/** Brings model folders into other programs' formats and back, on any Hadoop file system. The command line enters. */
package io.densespark.spark.exchange;
