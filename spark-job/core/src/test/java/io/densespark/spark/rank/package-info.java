/** Tests of how ranks start. */
package io.densespark.spark.rank;
